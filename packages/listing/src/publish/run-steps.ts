/** Runs steps in order, or only says what they would do. */
import { JobError } from '@algo/local';
import { explain } from './aws-error.js';
import type { PublishContext } from './context.js';
import { costText, type Prices } from './prices.js';
import type { Hours, Step } from './step.js';

export interface StepReport {
  readonly step: string;
  readonly state: 'done before' | 'done' | 'to do' | 'nothing to do';
  /** What there is, or what was done. */
  readonly text: string;
  /** Something of it was there before. */
  readonly isPartly: boolean;
  readonly makes: readonly string[];
  /** `up to 0.5`, `not known`. */
  readonly hours: string;
  /** `up to 0.12 USD`, `none`, `not known`. */
  readonly cost: string;
}

export interface RunRequest {
  readonly isDryRun: boolean;
  readonly prices: Prices;
  /** Hears of each step before it is done, in a dry run of each that is looked at. */
  readonly onStep: (report: StepReport) => void;
}

/**
 * @returns a report for each step, up to the first that fails, which throws
 * @throws JobError with the step's name and, for what is known, what to do
 */
export async function runSteps(
  context: PublishContext,
  steps: readonly Step[],
  { isDryRun, prices, onStep }: RunRequest,
): Promise<readonly StepReport[]> {
  const reports: StepReport[] = [];
  for (const step of steps) {
    try {
      if (context.request.stop?.aborted) throw new JobError('stopped');
      const { isDone, text, isPartly = false, isNeedless = false } = await step.isDone();
      const before: StepReport = {
        step: step.name,
        state: isDone ? (isNeedless ? 'nothing to do' : 'done before') : 'to do',
        ...{ text, isPartly },
        makes: step.makes,
        hours: hoursText(step.hours),
        cost: await costText(prices, step.instances ?? []),
      };
      onStep(before);
      if (!isDone && isDryRun && step.rehearse) context.say(`  ${await step.rehearse()}`);
      if (isDone || isDryRun) reports.push(before);
      else {
        const after: StepReport = { ...before, state: 'done', text: await step.do() };
        onStep(after);
        reports.push(after);
      }
    } catch (error) {
      throw explain(step.name, error);
    }
  }
  return reports;
}

// --- internal ---

/** `up to 0.1`, `0.5 to 2`. */
function hoursText(hours: Hours): string {
  if (hours === undefined) return 'not known';
  const [shortest, longest] = hours;
  return shortest === 0 ? `up to ${longest}` : `${shortest} to ${longest}`;
}
