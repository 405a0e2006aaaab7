/**
 * The shared suite: rules that every algorithm keeps, also a stranger's. Each check is named by its rule and runs on
 * the sample data given, in this process and in memory; a rule about what an algorithm does not have is no check of it.
 * The job on the sample data runs once, and each check gets its model in a tree of its own.
 */
import type { Algorithm } from '../algorithm.js';
import { type Check, type CheckOptions, shareModel } from './checks/check.js';
import { definitionChecks } from './checks/definition.js';
import { inferenceChecks } from './checks/inference.js';
import { servingChecks } from './checks/serving.js';
import { trainingChecks } from './checks/training.js';
import { runTraining } from './training.js';

/** The checks by themselves, for runners that need more than a title and a function. */
export function algorithmChecks(algorithm: Algorithm, options: Omit<CheckOptions, 'test'>): readonly Check[] {
  const { job } = options;
  if (algorithm.train && !job) throw new Error('checkAlgorithm: the option job must be a training job that succeeds.');
  const train =
    algorithm.train && job
      ? async () => {
          const result = await runTraining(algorithm, job);
          result.root.remove();
          if (result.exitCode !== 0) throw new Error(`The job on the sample data failed: ${result.failure}`);
          return result;
        }
      : undefined;
  const model = shareModel(train, options.model);
  return [
    ...definitionChecks(algorithm),
    ...(job && train ? trainingChecks(algorithm, { ...options, job }, model) : []),
    ...inferenceChecks(algorithm, options, model),
    ...servingChecks(algorithm, options, model),
  ];
}

/** Registers every check with the test runner at hand. */
export function checkAlgorithm(algorithm: Algorithm, options: CheckOptions): void {
  const { test, skip = {} } = options;
  const checks = algorithmChecks(algorithm, options);
  for (const title of Object.keys(skip)) {
    if (!checks.some((check) => check.title === title)) throw new Error(`There is no check "${title}" to skip.`);
    if (!test.skip) throw new Error(`The test runner must have test.skip to report "${title}" as skipped.`);
  }
  for (const { title, run } of checks) {
    const reason = skip[title];
    if (reason === undefined) test(title, run);
    else test.skip?.(`${title} (skipped: ${reason})`, run);
  }
}
