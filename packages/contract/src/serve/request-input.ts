/**
 * What a request asks about: rows in one of the SDK's formats, or the value of an input of the algorithm's own. Blank
 * lines of a batch transform, empty bodies and rows that a decoder made are treated here, alike for all of them.
 */
import { ClientError } from '../errors.js';
import type { Block, SparseBlock } from '../formats/block.js';
import type { ReadRows, RequestReader, RequestRules } from '../formats/format.js';
import type { RequestFormat } from '../formats/formats.js';
import { giveBack } from '../formats/lending.js';
import type { MediaType } from '../formats/media-type.js';
import { isStackOverflow } from '../out-of-memory.js';
import { readInput } from '../payloads/read-input.js';
import { checkRows, inPrecision, isRows } from '../payloads/rows.js';
import { type Gaps, gapsOf, NO_GAPS } from './bad-records/gaps.js';
import { type Records, withoutBlankLines } from './blank-lines.js';
import { placedBehind } from './body-stream/part-place.js';
import type { InvocationRequest } from './message.js';
import type { NegotiatedInput } from './negotiation.js';

/** What `predict` is to be called with. */
export type RequestInput =
  /** No rows: no `block` for a list of none. */
  | {
      readonly rows: Block | SparseBlock | undefined;
      readonly gaps: Gaps;
      /** Whether a header line was before the rows. */
      readonly hasHeader?: boolean;
    }
  | { readonly value: unknown; readonly gaps: Gaps };

/** How the records of a request are read. */
export interface RecordSettings {
  /** Blank lines are records of a batch transform. */
  readonly isBatch: boolean;
  /** Bad records are left out, with gaps in their places; else the first one is the error of the request. */
  readonly leavesOutBad: boolean;
  /** What is before the body, where it is a part of a longer one. */
  readonly part?: InvocationRequest['part'];
}

/**
 * The input of a request; undefined for an empty body where that is no mistake: it is answered by an empty one.
 * @param rowsOf Inference.rowsOf of the loaded model
 * @throws ClientError for what the algorithm cannot read
 */
export function readRequestInput(
  body: Uint8Array,
  { format, mediaType }: NegotiatedInput,
  rules: RequestRules,
  settings: RecordSettings,
  rowsOf?: RowsOfValue,
): RequestInput | undefined | Promise<RequestInput | undefined> {
  if (!('own' in format)) {
    const read = readers.get(format.type);
    if (read) return readRows(body, { format, mediaType, read }, rules, settings);
    return loadReader(format).then((read) => readRows(body, { format, mediaType, read }, rules, settings));
  }
  if (body.length > 0) return readOwn(body, { format, mediaType }, rules, rowsOf);
  // A blank line of a batch transform, which is answered by a blank line.
  if (settings.isBatch) return undefined;
  throw new ClientError('E_REQUEST_BODY', `request: the body must be ${format.type}; it is empty.`);
}

// --- internal ---

type RowsOfValue = (value: unknown) => Block | undefined | Promise<Block | undefined>;

/** Of formats that requests had so far, by type: none of them waits for a promise. */
const readers = new Map<string, ReadRows>();

async function loadReader({ type, request }: RequestFormat): Promise<ReadRows> {
  const read = await request.load();
  readers.set(type, read);
  return read;
}

/** A request in a format of rows. */
interface RowsRequest {
  readonly format: RequestFormat;
  readonly mediaType: MediaType;
  readonly read: ReadRows;
}

async function readOwn(
  body: Uint8Array,
  { format, mediaType }: NegotiatedInput,
  rules: RequestRules,
  rowsOf: RowsOfValue | undefined,
): Promise<RequestInput> {
  if (!('own' in format)) throw new TypeError(`${format.type} has a reader`);
  const value = await readInput(body, mediaType, format.own);
  const rows = isRows(value) ? value : await rowsOf?.(value);
  if (!rows) return { value, gaps: NO_GAPS };
  checkRows(rows, rules);
  return { rows: inPrecision(rows, rules), gaps: NO_GAPS };
}

function readRows(
  body: Uint8Array,
  { format, mediaType, read }: RowsRequest,
  rules: RequestRules,
  { isBatch, leavesOutBad, part }: RecordSettings,
): RequestInput | undefined | Promise<RequestInput> {
  const { lines, headerOf, isEmpty, hasText = false }: RequestReader = format.request;
  const own: Records =
    isBatch && lines
      ? withoutBlankLines(body, lines.hasComments)
      : { body, blanks: new Map(), placed: (error) => error };
  const records: Records = part
    ? { ...own, placed: (error, hasHeader) => placedBehind(own.placed(error, hasHeader), part) }
    : own;
  if (isEmpty(records.body)) {
    const gaps = gapsOf(records, [], false);
    return gaps.size === 0 ? undefined : { rows: undefined, gaps };
  }
  if (rules.texts && !hasText) throw withoutText(format.type);
  try {
    const rows = read(records.body, mediaType, rules);
    const isNamed = rows ? rows.columnNames !== undefined : headerOf?.(mediaType) !== 'absent';
    const hasHeader = headerOf !== undefined && isNamed;
    const input = { rows, gaps: gapsOf(records, [], hasHeader), hasHeader };
    if (lines) giveBack(body); // readers of text have copied it
    return input;
  } catch (error) {
    const hasHeader = records.blanks.size > 0 && headerOf?.(mediaType) === 'present';
    const shown = records.placed(isStackOverflow(error) ? nestedTooDeep(error) : error, hasHeader);
    if (!leavesOutBad) throw shown;
    return readGood(records, { format, mediaType, read }, rules, error, shown);
  }
}

/** @param error what was wrong with all of it @param shown the same as its caller gets it, where no record is to blame */
async function readGood(
  records: Records,
  { format, mediaType }: RowsRequest,
  rules: RequestRules,
  error: unknown,
  shown: unknown,
): Promise<RequestInput> {
  const { loadRecords }: RequestReader = format.request;
  const parts = (await loadRecords?.())?.(records.body, mediaType, rules);
  if (!parts) throw shown;
  const { readAround } = await import('./bad-records/read-around.js');
  try {
    const { rows, bad } = readAround(parts, error);
    // What is wrong is between the records.
    if (bad.length === 0) throw shown;
    const { hasHeader = false } = parts;
    return { rows, gaps: gapsOf(records, bad, hasHeader), hasHeader };
  } catch (problem) {
    throw problem instanceof ClientError ? shown : problem;
  }
}

function withoutText(type: string): ClientError {
  return new ClientError(
    'E_CONTENT_TYPE',
    `Header Content-Type must be text/csv, application/json, application/jsonlines or application/x-parquet, since the model has columns of text; received ${type}, which holds numbers only.`,
  );
}

function nestedTooDeep(cause: unknown): ClientError {
  return new ClientError('E_REQUEST_BODY', 'request: expected rows of numbers; received lists nested too deep.', {
    cause,
  });
}
