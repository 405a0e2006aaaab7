/** A README's table of hyperparameters, filled in from the definition. */
import type { Algorithm } from '../algorithm.js';
import { describeAlgorithm } from '../specification/describe.js';
import { hyperparameterTable } from '../specification/table.js';

const START = '<!-- hyperparameters -->';
const END = '<!-- /hyperparameters -->';

/**
 * The README with the table of `algorithm`'s hyperparameters between the two marks.
 * @throws Error when the marks are not there, each on a line of its own
 */
export function fillHyperparameters(readme: string, algorithm: Algorithm): string {
  const from = readme.indexOf(`${START}\n`);
  const to = readme.indexOf(`${END}\n`);
  if (from < 0 || to < from) throw new Error(`README.md must have the lines ${START} and ${END}.`);
  const table = hyperparameterTable(describeAlgorithm(algorithm).TrainingSpecification?.SupportedHyperParameters ?? []);
  return `${readme.slice(0, from)}${START}\n${table}\n${readme.slice(to)}`;
}
