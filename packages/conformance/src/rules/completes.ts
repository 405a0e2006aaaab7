/** A job with a change must complete. */
import type { Lab } from '../lab/lab.js';
import { endOf, type TrainingVariant } from '../lab/training.js';
import { hold } from '../verdict.js';

/** @param what names the change, where the rule does not @throws Broken unless the job's exit code is 0 */
export async function completes(lab: Lab, change: Partial<TrainingVariant>, what?: string): Promise<string> {
  const run = await lab.variant(change);
  const message = what === undefined ? endOf(run) : `${what}: ${endOf(run)}`;
  hold(run.exit.exitCode === 0 && !run.isLate, message);
  return message;
}
