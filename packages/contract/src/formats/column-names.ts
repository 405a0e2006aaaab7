/**
 * Columns matched by their names, wherever both sides have them: files of a channel, a channel and the training data, a
 * request and its model. Another order is put right; what is missing or extra is refused, as XGBoost refuses it.
 */
import { ClientError } from '../errors.js';
import { quoteValue } from './place.js';

/** The columns of a row by name, in their order, and where they are named so: `train/a.parquet`. */
export interface NamedColumns {
  readonly labels: readonly string[];
  /** One name, or none. */
  readonly weights: readonly string[];
  readonly features: readonly string[];
  readonly from: string;
}

/**
 * For each expected name, its position among the `received` ones, which must be the same names in any order.
 * @param where as messages begin: `validation/b.parquet`
 * @param from where the expected names come from: `train/a.parquet`
 * @throws ClientError E_DATA_COLUMNS listing what is missing and what is extra
 */
export function matchNames(
  received: readonly string[],
  expected: readonly string[],
  where: string,
  from: string,
): number[] {
  const positions = new Map(received.map((name, position) => [name, position]));
  const missing = expected.filter((name) => !positions.has(name));
  const known = new Set(expected);
  const extra = received.filter((name) => !known.has(name));
  if (missing.length > 0 || extra.length > 0) {
    const faults = [missing.length > 0 && `missing ${list(missing)}`, extra.length > 0 && `extra ${list(extra)}`];
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${where}: the columns must have the names of ${from}, in any order: ${list(expected)}; received ${list(received)}: ${faults.filter(Boolean).join(', ')}.`,
    );
  }
  return expected.map((name) => positions.get(name)!);
}

// --- internal ---

/** More names would push the end of the sentence out of what SageMaker shows of a failure. */
const SHOWN_NAMES = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map(quoteValue).join(', ');
  return names.length > SHOWN_NAMES ? `${shown} and ${names.length - SHOWN_NAMES} more` : shown || 'none';
}
