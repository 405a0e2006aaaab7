/**
 * What an answer costs a buyer of a product that is priced by inference: a header of 2xx answers, which SageMaker
 * passes on to AWS Marketplace and not to the caller. Without it a successful call counts as one inference.
 * Source: AWS Marketplace Seller Guide, "Reporting usage for inference pricing".
 */
import type { Algorithm } from '../algorithm.js';
import { AlgorithmError } from '../errors.js';
import type { Answered } from '../implementation.js';

export const METERING_HEADER = 'X-Amzn-Inference-Metering';
/** The only dimension that products of machine learning have. */
export const DIMENSION = 'inference.count';

/** The header's value for an answer. @throws AlgorithmError for units that are no integer ≥ 0 */
export function meteringOf({ units }: Pick<Algorithm, 'units'>, model: unknown, answered: Answered<unknown>): string {
  const consumed = units ? units(model, answered) : answered.rows;
  if (Number.isSafeInteger(consumed) && consumed >= 0) return meteringOfUnits(consumed);
  throw new AlgorithmError('E_ALGORITHM', `units: expected an integer ≥ 0; received ${consumed}.`);
}

/** Headers of an answer where there was nothing to predict. */
export function unmeteredHeaders({ isMetered }: Pick<Algorithm, 'isMetered'>): Readonly<Record<string, string>> {
  return isMetered ? { [METERING_HEADER]: meteringOfUnits(0) } : {};
}

/** The header's value. @param consumed an integer ≥ 0 */
export function meteringOfUnits(consumed: number): string {
  return JSON.stringify({ Dimension: DIMENSION, ConsumedUnits: consumed });
}
