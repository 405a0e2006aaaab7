/**
 * The shared suite: rules that every algorithm keeps, also a stranger's. Each check is named by its rule and runs on
 * the sample data given, in this process and in memory. A skip must carry a reason.
 */
import type { Algorithm } from '../algorithm.js';
import type { Check, CheckOptions } from './checks/check.js';
import { definitionChecks } from './checks/definition.js';
import { inferenceChecks } from './checks/inference.js';
import { trainingChecks } from './checks/training.js';

/** The checks by themselves, for runners that need more than a title and a function. */
export function algorithmChecks(algorithm: Algorithm, options: Omit<CheckOptions, 'test'>): readonly Check[] {
  return [
    ...definitionChecks(algorithm),
    ...trainingChecks(algorithm, options),
    ...inferenceChecks(algorithm, options),
  ];
}

/** Registers every check with the test runner at hand. */
export function checkAlgorithm(algorithm: Algorithm, options: CheckOptions): void {
  const checks = algorithmChecks(algorithm, options);
  const skip = options.skip ?? {};
  for (const title of Object.keys(skip)) {
    if (!checks.some((check) => check.title === title)) throw new Error(`There is no check "${title}" to skip.`);
  }
  for (const { title, run } of checks) {
    const reason = skip[title];
    if (reason === undefined) options.test(title, run);
    else options.test(`${title} (skipped: ${reason})`, async () => {});
  }
}
