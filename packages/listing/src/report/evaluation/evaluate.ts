/** Measures the model of a validation on the hold-out, through a server of the same program. */
import { join } from 'node:path';
import { JobError, messageOf, type Program, removeTree, startEndpoint } from '@algo/local';
import type { ValidationRecord } from '../record.js';
import { createAsk } from './ask.js';
import { type HoldOut, readHoldOut } from './hold-out.js';
import { type PermutationImportance, permutationImportance } from './importance.js';
import { type Found, find, Left } from './left.js';
import { type Outcome, outcomeOf } from './outcome.js';

export interface Evaluation {
  readonly holdOut: HoldOut;
  readonly outcome: Outcome;
  readonly importance: Found<PermutationImportance>;
}

export interface EvaluationRequest {
  readonly record: ValidationRecord;
  readonly program: Program;
  /** For the server's files; removed afterwards. */
  readonly workDirectory: string;
  readonly stop?: AbortSignal | undefined;
}

/**
 * @throws Left where there is nothing to measure, or the model cannot be measured with these rows
 * @throws JobError when it is stopped
 */
export async function evaluate({ record, program, workDirectory, stop }: EvaluationRequest): Promise<Evaluation> {
  const holdOut = readHoldOut(record);
  const passed = record.validation.steps.some(({ step, result }) => step === 'endpoint' && result === 'passed');
  if (!passed) throw new Left('the validation had no endpoint of the model.');
  try {
    const endpoint = await startEndpoint({
      ...{ program, workDirectory, stop, model: record.modelArchive },
      logFile: join(workDirectory, 'log.txt'),
    }).catch((error) => {
      if (stop?.aborted) throw new JobError('stopped');
      throw new Left(`the model could not be served again: ${messageOf(error)}`);
    });
    try {
      const predict = createAsk(record.description, endpoint, stop);
      const outcome = outcomeOf(holdOut, await predict(holdOut.features));
      const importance = await find(() => permutationImportance(holdOut, outcome, predict));
      return { holdOut, outcome, importance };
    } finally {
      await endpoint.stop();
    }
  } finally {
    await removeTree(workDirectory);
  }
}
