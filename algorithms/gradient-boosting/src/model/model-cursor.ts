/**
 * A value inside a model file together with its path, so that every error names the place: `model.json:
 * learner.gradient_booster.model.trees[3].left_children must have 15 entries; received 14.` Works on what JSON and
 * UBJSON have in common; number arrays may be plain or typed.
 */
import { ClientError } from '@algo/contract';

export interface Place {
  readonly value: unknown;
  /** Name of the file, for messages. */
  readonly file: string;
  /** Path inside the file, empty at the top. */
  readonly path: string;
}

type NumberList = readonly unknown[] | Int8Array | Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** Maximum length of a received value in a message. */
const SHOWN_CHARS = 60;

/** @returns never. @throws ClientError E_MODEL: `file: path must …; received …` */
export function refuse(place: Place, must: string, advice?: string): never {
  const subject = place.path === '' ? 'the model' : place.path;
  const end = advice ? ` ${advice}` : '';
  throw new ClientError('E_MODEL', `${place.file}: ${subject} must ${must}; received ${shown(place.value)}.${end}`);
}

/** The entry `key` of an object. @throws ClientError E_MODEL when it is missing or the place holds no object */
export function field(place: Place, key: string): Place {
  const found = optionalField(place, key);
  if (found) return found;
  throw new ClientError('E_MODEL', `${place.file}: ${join(place.path, key)} is missing; ${contentsOf(place)}.`);
}

/** The keys of an object as a clause: `the top level has version, objective`. */
export function contentsOf(place: Place): string {
  const keys = Object.keys(asRecord(place)).slice(0, 12).join(', ');
  return `${place.path || 'the top level'} has ${keys || 'no entries'}`;
}

/** The entry `key` of an object, or undefined. */
export function optionalField(place: Place, key: string): Place | undefined {
  const record = asRecord(place);
  return Object.hasOwn(record, key) ? { value: record[key], file: place.file, path: join(place.path, key) } : undefined;
}

/** The object at a place, as entries in their order. */
export function entries(place: Place): (readonly [string, Place])[] {
  return Object.entries(asRecord(place)).map(([key, value]) => {
    return [key, { value, file: place.file, path: join(place.path, key) }] as const;
  });
}

/** The elements of an array. */
export function elements(place: Place): Place[] {
  if (!isList(place.value)) refuse(place, 'be an array');
  return Array.from(place.value, (value, index) => ({ value, file: place.file, path: `${place.path}[${index}]` }));
}

export function asText(place: Place): string {
  return typeof place.value === 'string' ? place.value : refuse(place, 'be a string');
}

/** An integer, written as a number or (as most of XGBoost's parameters are) as a string. */
export function asInteger(place: Place, least: number, most: number): number {
  const { value } = place;
  const number = typeof value === 'string' && /^[+-]?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
    refuse(place, `be an integer in [${least}, ${most}]`);
  }
  return number;
}

/** Float32 values of an array. @param length expected entries; any when omitted */
export function asFloats(place: Place, length?: number): Float32Array {
  const list = asNumbers(place, length);
  if (list instanceof Float32Array) return list;
  const floats = new Float32Array(list.length);
  for (let index = 0; index < floats.length; index++) {
    const value = list[index];
    floats[index] = typeof value === 'number' ? value : special(place, index, value);
  }
  return floats;
}

/** Integers of an array, each in the range [least, most]; booleans count as 0 and 1. */
export function asIntegers(place: Place, least: number, most: number, length?: number): Int32Array {
  const list = asNumbers(place, length);
  if (isIntegerArray(list) && isWithin(list, least, most)) {
    return list instanceof Int32Array ? list : new Int32Array(list);
  }
  const integers = new Int32Array(list.length);
  for (let index = 0; index < integers.length; index++) {
    const entry = list[index];
    const value = typeof entry === 'boolean' ? Number(entry) : entry;
    if (typeof value !== 'number' || !(value >= least && value <= most) || !Number.isInteger(value)) {
      refuse({ ...place, value, path: `${place.path}[${index}]` }, `be an integer in [${least}, ${most}]`);
    }
    integers[index] = value;
  }
  return integers;
}

/** Flags of an array, as bytes 0 and 1. */
export function asFlags(place: Place, length: number): Uint8Array {
  const { value } = place;
  const isBytes = value instanceof Uint8Array && value.length === length && isWithin(value, 0, 1);
  return isBytes ? new Uint8Array(value) : new Uint8Array(asIntegers(place, 0, 1, length));
}

// --- internal ---

function asRecord(place: Place): Readonly<Record<string, unknown>> {
  const { value } = place;
  if (typeof value !== 'object' || value === null || isList(value)) refuse(place, 'be an object');
  // A non-null object that is no array: parsers make nothing else, and every value in it is checked before use.
  return value as Readonly<Record<string, unknown>>;
}

type IntegerArray = Int32Array | Int16Array | Int8Array | Uint8Array;

function isIntegerArray(list: NumberList): list is IntegerArray {
  return (
    list instanceof Int32Array || list instanceof Uint8Array || list instanceof Int8Array || list instanceof Int16Array
  );
}

/** By a function of the engine: a step per entry, in a model that is read once, takes longer than all else. */
function isWithin(list: IntegerArray, least: number, most: number): boolean {
  const sorted = list.toSorted();
  return list.length === 0 || (sorted[0]! >= least && sorted.at(-1)! <= most);
}

function asNumbers(place: Place, length: number | undefined): NumberList {
  const { value } = place;
  if (!isList(value)) refuse(place, 'be an array of numbers');
  if (length !== undefined && value.length !== length) {
    throw new ClientError(
      'E_MODEL',
      `${place.file}: ${place.path} must have ${length} entries; received ${value.length}.`,
    );
  }
  return value;
}

/** XGBoost writes values that JSON lacks as bare words, which the JSON parser here hands over as strings. */
function special(place: Place, index: number, value: unknown): number {
  if (value === 'NaN') return Number.NaN;
  return refuse({ ...place, value, path: `${place.path}[${index}]` }, 'be a number');
}

function isList(value: unknown): value is NumberList {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isList(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `an object with ${Object.keys(value).length} entries`;
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
