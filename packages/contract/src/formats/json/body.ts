/**
 * Request rows in JSON and JSON Lines, in the shapes that the service's own algorithms and TensorFlow Serving take: see
 * json/instances.ts. `null` is a missing value; so is a column that `keys` leave out, or 0 (ValuePolicy). Keys that carry
 * no features (`configuration`, an `id`) are let through unread. Nothing but arrays of numbers is made of the text, so
 * that time and memory stay within a constant of its bytes.
 */
import { ClientError } from '../../errors.js';
import type { Block, SparseBlock } from '../block.js';
import { byteOrderMarkLength, isBlankRange, lineRanges } from '../text/lines.js';
import { InstanceReader } from './instances.js';
import { NamedRow } from './named.js';
import { JsonScanner } from './scanner.js';
import { type RowRules, RowTable } from './table.js';

export type { RowRules } from './table.js';

/**
 * The rows of one JSON document, or undefined for an empty list of instances.
 * @throws ClientError naming row and column, with what was expected and received
 */
export function readJsonBuffer(body: Uint8Array, rules: RowRules): Block | SparseBlock | undefined {
  const table = new RowTable(rules, body.length);
  const scanner = new JsonScanner(body, () => 'request', 'E_REQUEST_BODY');
  scanner.within(byteOrderMarkLength(body), body.length);
  new InstanceReader(scanner, table, new NamedRow(rules.featureNames)).document();
  return table.finish();
}

/**
 * The rows of JSON Lines, one instance per line, or undefined when there is none.
 * @throws ClientError naming row and column, with what was expected and received
 */
export function readJsonLinesBuffer(body: Uint8Array, rules: RowRules): Block | SparseBlock | undefined {
  const table = new RowTable(rules, body.length);
  const scanner = new JsonScanner(body, () => table.place, 'E_REQUEST_BODY');
  const reader = new InstanceReader(scanner, table, new NamedRow(rules.featureNames));
  for (const [start, end] of lineRanges(body)) {
    if (isBlankRange(body, start, end)) {
      throw new ClientError(
        'E_DATA_BLANK_LINE',
        `${table.place}: expected an instance; received a blank line. Remove it: only the end may have blank lines.`,
      );
    }
    scanner.within(start, end);
    reader.line();
  }
  return table.finish();
}
