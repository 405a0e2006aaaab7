/**
 * The front of a libsvm line: label, weight and query id. Whether rows have a weight, or a query id, the first row of a
 * pass decides for all.
 */
import { COLON } from '../characters';
import { isNumber, parseDecimal } from '../csv/decimal';
import { endsToken, skipBlanks, tokenEnd } from './tokens';

// Problems; the same numbers are in src/formats/libsvm/kernel.ts.
const OK: i32 = 0;
const BAD_LABEL: i32 = 4;
const BAD_WEIGHT: i32 = 5;
const WEIGHT_PRESENCE: i32 = 6;
const BAD_QUERY: i32 = 7;
const QUERY_PRESENCE: i32 = 8;
const LABEL_OUT_OF_RANGE: i32 = 16;
const WEIGHT_OUT_OF_RANGE: i32 = 17;

const UNKNOWN: i32 = 0;
const ABSENT: i32 = 1;
const PRESENT: i32 = 2;

/** 2^53: beyond it, a query id would not be exact. */
const QUERY_LIMIT: u64 = 1 << 53;

export let weights: i32 = UNKNOWN;
export let queries: i32 = UNKNOWN;
/** What `head` found wrong, and where. */
export let problem: i32 = OK;
export let problemAt: usize = 0;

let hasLabel: bool = false;
let magnitudeLimit: f64 = Infinity;
let labelsOffset: usize = 0;
let weightsOffset: usize = 0;
let queriesOffset: usize = 0;

/** Starts a pass; with `labels` each row begins with one, else it may and is not kept. */
export function configureHead(labels: bool, limit: f64): void {
  hasLabel = labels;
  magnitudeLimit = limit;
  weights = UNKNOWN;
  queries = UNKNOWN;
}

export function placeHead(labelsAt: usize, weightsAt: usize, queriesAt: usize): void {
  labelsOffset = labelsAt;
  weightsOffset = weightsAt;
  queriesOffset = queriesAt;
}

/** Reads the label, the weight and the query id of the line at `p`; returns where the entries begin, or 0. */
export function head(p: usize, row: i32): usize {
  let weightState = ABSENT;
  const end = tokenEnd(p);
  const colon = find(p, end, COLON);
  // A row of a request has no label: what has a colon is an entry or a query id already.
  if (hasLabel || colon == end) {
    const label = parseDecimal(p, colon);
    if (!isNumber || !(abs(label) < Infinity)) return fail(BAD_LABEL, p);
    if (hasLabel && abs(label) >= magnitudeLimit) return fail(LABEL_OUT_OF_RANGE, p);
    if (hasLabel) store<f64>(labelsOffset + (<usize>row << 3), label);
    if (colon < end) {
      const weight = parseDecimal(colon + 1, end);
      if (!isNumber || !(weight >= 0 && weight < Infinity)) return fail(BAD_WEIGHT, p);
      if (weight >= magnitudeLimit) return fail(WEIGHT_OUT_OF_RANGE, p);
      store<f64>(weightsOffset + (<usize>row << 3), weight);
      weightState = PRESENT;
    }
    if (weights != weightState) {
      if (weights != UNKNOWN) return fail(WEIGHT_PRESENCE, p);
      weights = weightState;
    }
    p = skipBlanks(end);
  }
  const isQuery = load<u32>(p) == 0x3a646971; // "qid:"
  const queryState = isQuery ? PRESENT : ABSENT;
  if (queries != queryState) {
    if (queries != UNKNOWN) return fail(QUERY_PRESENCE, p);
    queries = queryState;
  }
  return isQuery ? query(p, row) : p;
}

// --- internal ---

function query(p: usize, row: i32): usize {
  const start = p + 4;
  let at = start;
  let id: u64 = 0;
  let digit: u32 = 0;
  while ((digit = <u32>load<u8>(at) - 0x30) <= 9) {
    id = id * 10 + digit;
    at++;
  }
  if (at == start || at - start > 16 || id > QUERY_LIMIT || !endsToken(at)) return fail(BAD_QUERY, p);
  store<f64>(queriesOffset + (<usize>row << 3), <f64>id);
  return at;
}

function fail(code: i32, at: usize): usize {
  problem = code;
  problemAt = at;
  return 0;
}

function find(p: usize, end: usize, char: u8): usize {
  while (p < end && load<u8>(p) != char) p++;
  return p;
}
