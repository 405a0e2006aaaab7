/**
 * Request rows in JSON and JSON Lines, in the shapes of the service's own algorithms:
 * `{"instances":[{"features":[1,2]}]}`, `{"data":{"features":{"values":[1,2]}}}`, sparse with `keys` and `shape`, and
 * bare arrays. `null` is a missing value; so is a column that `keys` leave out, or 0 (ValuePolicy). Keys that carry no features (`configuration`, an `id`) are let through unread.
 * Source: AWS guide "Common Data Formats for Inference".
 */
import { ClientError } from '../errors.js';
import type { Block, ValuePolicy } from './block.js';
import { absentValue } from './densify.js';
import { beyondFloat32, magnitudeLimit } from './float32-range.js';
import { countLines, decodeText, linesOf } from './json-text.js';

/** What the rows of a request must be. */
export interface RowRules {
  /** Columns of every row; without, the first row sets them. */
  readonly featureCount?: number;
  readonly policy: ValuePolicy;
}

/**
 * The rows of one JSON document, or undefined for an empty list of instances.
 * @throws ClientError naming row and column, with what was expected and received
 */
export function readJsonBuffer(body: Uint8Array, rules: RowRules): Block | undefined {
  const document = parse(decodeText(body), 'request');
  const instances = isRecord(document) ? document.instances : undefined;
  if (!Array.isArray(instances)) {
    throw new ClientError(
      'E_REQUEST_BODY',
      `request: expected an object with a list "instances", such as ${EXAMPLE_JSON}; received ${show(document)}.`,
    );
  }
  const table = createTable(instances.length, rules);
  for (const instance of instances) table.add(instance);
  return table.finish();
}

/**
 * The rows of JSON Lines, one instance a line, or undefined when there is none.
 * @throws ClientError naming row and column, with what was expected and received
 */
export function readJsonLinesBuffer(body: Uint8Array, rules: RowRules): Block | undefined {
  const table = createTable(countLines(body), rules);
  let row = 0;
  for (const line of linesOf(decodeText(body))) {
    row += 1;
    if (line.trim() === '') {
      throw new ClientError('E_DATA_BLANK_LINE', `request row ${row}: expected an instance; received a blank line.`);
    }
    table.add(parse(line, `request row ${row}`));
  }
  return table.finish();
}

// --- internal ---

const EXAMPLE_JSON = '{"instances":[{"features":[1,2]}]}';
const EXAMPLE_INSTANCE = '{"features":[1,2]}, [1,2] or {"data":{"features":{"values":[1,2]}}}';
/** Enough of a value to recognise it. */
const SHOWN_CHARS = 60;

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

function parse(text: string, place: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ClientError('E_REQUEST_BODY', `${place}: expected JSON; received text that is not: ${reason}.`, {
      cause: error,
    });
  }
}

/** Gathers instances into one block of at most `capacity` rows. */
function createTable(capacity: number, rules: RowRules): { add(instance: Json): void; finish(): Block | undefined } {
  let rows = 0;
  const limit = magnitudeLimit(rules.policy);
  let columns = rules.featureCount;
  let features = new Float64Array(capacity * (columns ?? 0));
  return {
    add(instance) {
      const place = `request row ${rows + 1}`;
      const { values, keys, width } = readInstance(instance, place);
      if (columns === undefined) {
        if (width === 0) throw new ClientError('E_DATA_COLUMNS', `${place}: expected columns; received none.`);
        columns = width;
        features = new Float64Array(capacity * columns);
      }
      if (width !== columns) {
        throw new ClientError('E_DATA_COLUMNS', `${place}: expected ${columns} columns; received ${width}.`);
      }
      const start = rows * columns;
      if (keys !== undefined) features.fill(absentValue(rules.policy), start, start + columns);
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        const column = keys === undefined ? i : keys[i]!;
        const isPlain = typeof value === 'number' && Math.abs(value) < limit;
        features[start + column] = isPlain ? value : readUnusual(value, place, column + 1, rules.policy);
      }
      rows += 1;
    },
    finish() {
      if (rows === 0 || columns === undefined) return undefined;
      const used = features.subarray(0, rows * columns);
      const labels = new Float64Array(0);
      return { rows, columns, features: used, labelCount: 0, labels, source: 'request', firstLine: 1 };
    },
  };
}

/** One row as written: `width` columns, of which `keys` (all, when absent) hold `values`. */
interface Instance {
  readonly values: readonly Json[];
  readonly keys?: readonly number[];
  readonly width: number;
}

function readInstance(instance: Json, place: string): Instance {
  const features = findFeatures(instance);
  if (Array.isArray(features)) return { values: features, width: features.length };
  if (isRecord(features) && Array.isArray(features.values)) {
    const { values, keys, shape } = features;
    if (keys === undefined && shape === undefined) return { values, width: values.length };
    return readSparse(values, keys, shape, place);
  }
  throw new ClientError(
    'E_REQUEST_BODY',
    `${place}: expected an instance such as ${EXAMPLE_INSTANCE}; received ${show(instance)}.`,
  );
}

function findFeatures(instance: Json): Json | undefined {
  if (!isRecord(instance)) return instance;
  if (instance.features !== undefined) return instance.features;
  return isRecord(instance.data) ? instance.data.features : undefined;
}

/** `{"keys":[0,4],"values":[1.5,2],"shape":[10]}`: columns 1 and 5 of 10, the others absent. */
function readSparse(values: readonly Json[], keys: Json | undefined, shape: Json | undefined, place: string): Instance {
  const width = Array.isArray(shape) ? shape.at(-1) : undefined;
  const isColumn = typeof width === 'number' && Number.isSafeInteger(width) && width >= 0;
  if (!isColumn || !Array.isArray(shape) || shape.slice(0, -1).some((size) => size !== 1)) {
    throw new ClientError(
      'E_REQUEST_BODY',
      `${place}: expected "shape" to be a list with the number of columns, such as [10]; received ${show(shape)}.`,
    );
  }
  const isKey = (key: Json): key is number =>
    typeof key === 'number' && Number.isInteger(key) && key >= 0 && key < width;
  if (!Array.isArray(keys) || !keys.every(isKey) || new Set(keys).size !== keys.length) {
    throw new ClientError(
      'E_REQUEST_BODY',
      `${place}: expected "keys" to be a list of different integers in [0, ${width - 1}]; received ${show(keys)}.`,
    );
  }
  if (keys.length !== values.length) {
    throw new ClientError(
      'E_REQUEST_BODY',
      `${place}: expected as many "keys" as "values"; received ${keys.length} and ${values.length}.`,
    );
  }
  return { values, keys, width };
}

/** A missing or infinite value as the algorithm's policy has it; anything else is no number. */
function readUnusual(value: Json, place: string, column: number, policy: ValuePolicy): number {
  const cell = `${place} column ${column}`;
  if (value === null) {
    if (policy.missingValues === 'accept') return Number.NaN;
    throw new ClientError('E_DATA_MISSING', `${cell}: expected a value; received null.`);
  }
  if (typeof value !== 'number') {
    throw new ClientError('E_DATA_NUMBER', `${cell}: expected a number; received ${show(value)}.`);
  }
  if (Number.isFinite(value)) throw beyondFloat32(cell, 'value', String(value));
  if (policy.infiniteValues === 'accept') return value;
  throw new ClientError('E_DATA_INFINITE', `${cell}: expected a finite number; received ${value}.`);
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}
