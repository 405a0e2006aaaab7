/**
 * What a request asks about: rows in one of the SDK's formats, or the value of an input of the algorithm's own. Blank
 * lines of a batch transform, empty bodies and rows that a decoder made are treated here, alike for all of them.
 */
import { ClientError } from '../errors.js';
import type { Block, SparseBlock } from '../formats/block.js';
import type { ReadRows, RequestReader, RequestRules } from '../formats/format.js';
import type { RequestFormat } from '../formats/formats.js';
import type { MediaType } from '../formats/media-type.js';
import { isStackOverflow } from '../out-of-memory.js';
import { readInput } from '../payloads/read-input.js';
import { checkRows, inPrecision, isRows } from '../payloads/rows.js';
import { type Records, withoutBlankLines } from './blank-lines.js';
import type { NegotiatedInput } from './negotiation.js';

/** What `predict` is to be called with. */
export type RequestInput =
  /** No rows: no `block` for a list of none. */
  | { readonly rows: Block | SparseBlock | undefined; readonly blanks: Blanks }
  | { readonly value: unknown; readonly blanks: Blanks };

/** Blank lines among the records, by the number of rows before them. */
export type Blanks = ReadonlyMap<number, number>;

const NO_BLANKS: Blanks = new Map();

/**
 * The input of a request; undefined for an empty body where that is no mistake: it is answered by an empty one.
 * @param rowsOf Inference.rowsOf of the loaded model
 * @throws ClientError for what the algorithm cannot read
 */
export function readRequestInput(
  body: Uint8Array,
  { format, mediaType }: NegotiatedInput,
  rules: RequestRules,
  isBatch: boolean,
  rowsOf?: RowsOfValue,
): RequestInput | undefined | Promise<RequestInput | undefined> {
  if (!('own' in format)) {
    const read = readers.get(format.type);
    if (read) return readRows(body, { format, mediaType, read }, rules, isBatch);
    return loadReader(format).then((read) => readRows(body, { format, mediaType, read }, rules, isBatch));
  }
  if (body.length > 0) return readOwn(body, { format, mediaType }, rules, rowsOf);
  // A blank line of a batch transform, which is answered by a blank line.
  if (isBatch) return undefined;
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
  if (!rows) return { value, blanks: NO_BLANKS };
  checkRows(rows, rules);
  return { rows: inPrecision(rows, rules), blanks: NO_BLANKS };
}

function readRows(
  body: Uint8Array,
  { format, mediaType, read }: RowsRequest,
  rules: RequestRules,
  isBatch: boolean,
): RequestInput | undefined {
  const { lines, isEmpty, hasText = false }: RequestReader = format.request;
  const records: Records =
    isBatch && lines
      ? withoutBlankLines(body, lines.hasComments)
      : { body, blanks: NO_BLANKS, placed: (error) => error };
  if (isEmpty(records.body)) return records.blanks.size === 0 ? undefined : { rows: undefined, blanks: records.blanks };
  if (rules.texts && !hasText) throw withoutText(format.type);
  try {
    return { rows: read(records.body, mediaType, rules), blanks: records.blanks };
  } catch (error) {
    throw records.placed(isStackOverflow(error) ? nestedTooDeep(error) : error);
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
