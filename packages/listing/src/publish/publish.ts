/** Publishing: the steps in their order, run or only said. */
import { ArgumentError } from '@algo/local';
import { findingsOf } from '../check/check.js';
import { explain } from './aws-error.js';
import { openContext, type PublishContext, type PublishRequest } from './context.js';
import { type ListingOptions, listingSteps } from './listing/steps.js';
import { asOnlyRun } from './one-run.js';
import { priceList } from './prices.js';
import { runSteps, type StepReport } from './run-steps.js';
import type { Step } from './step.js';
import { followStep } from './steps/follow.js';
import { outputsStep } from './steps/outputs.js';
import { preparingSteps } from './steps/preparing.js';
import { resourceStep } from './steps/resource.js';
import { trialStep } from './steps/trial.js';

export interface PublishOptions {
  readonly isDryRun: boolean;
  /** Runs this step alone. */
  readonly only?: string | undefined;
  readonly onStep: (report: StepReport) => void;
  /** One of the three steps of the listing, in the place of those up to a Completed resource. */
  readonly listing?: ListingOptions | undefined;
}

/**
 * @throws ArgumentError for wrong options and documents, before anything is made
 * @throws JobError for the first step that fails
 */
export async function publish(request: PublishRequest, options: PublishOptions): Promise<readonly StepReport[]> {
  const context = await openContext(request).catch((error) => {
    throw explain('credentials', error);
  });
  const prices = priceList(context.clients, context.source.seller.region);
  const steps = options.listing ? listingSteps(context, options.listing) : publishSteps(context);
  if (options.listing && options.listing.step !== 'test') sayFindings(context);
  const run = () => runSteps(context, chosen(steps, options.only), { ...options, prices });
  return options.isDryRun ? run() : asOnlyRun(request, 'algo publish', run);
}

// --- internal ---

/** Of `algo listing check`: what buyers and reviewers are about to see. A person decides. */
function sayFindings({ material, say }: PublishContext): void {
  const findings = findingsOf(material);
  say(`algo listing check: ${findings.length || 'no'} finding${findings.length === 1 ? '' : 's'}`);
  for (const { rule, place, text } of findings) say(`  ${place}: ${text} (rule ${rule})`);
}

/** All steps up to a Completed resource, in order. */
function publishSteps(context: PublishContext): readonly Step[] {
  const trial = context.request.hasNoTrial ? [] : [trialStep(context)];
  return [...preparingSteps(context), ...trial, resourceStep(context), followStep(context), outputsStep(context)];
}

function chosen(steps: readonly Step[], only: string | undefined): readonly Step[] {
  if (only === undefined) return steps;
  const found = steps.filter(({ name }) => name === only);
  if (found.length > 0) return found;
  throw new ArgumentError(`--step must be one of ${steps.map(({ name }) => name).join(', ')}; received "${only}".`);
}
