/** A page of a listing: keys in UTF-8 order, those with the same beginning up to a delimiter as one. */
import type { ObjectStore, StoredObject } from './object-store.js';
import { invalidArgument } from './s3-errors.js';
import type { S3Request } from './s3-request.js';
import { compareUtf8 } from './utf8-order.js';

export interface PageRequest {
  readonly prefix: string;
  /** '' for none. */
  readonly delimiter: string;
  /** Only keys and common prefixes after this one. */
  readonly after: string;
  /** Keys and common prefixes. */
  readonly maximum: number;
}

export interface Page {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix, if there is more after it. */
  readonly next: string | undefined;
}

/** Of one answer; more is not given, whatever is asked for. */
const MAX_PAGE = 1000;

export async function listPage(store: ObjectStore, bucket: string, request: PageRequest): Promise<Page> {
  const { prefix, delimiter, after, maximum } = request;
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  const range = { prefix, after, skip: '' };
  let last = '';
  store.buckets.folderOf(bucket);
  if (maximum === 0) return { objects, commonPrefixes, next: undefined };
  for await (const object of store.walk(bucket, range)) {
    const common = commonPrefixOf(object.key, prefix, delimiter);
    if (common !== undefined && compareUtf8(common, after) <= 0) {
      range.skip = common;
      continue;
    }
    if (objects.length + commonPrefixes.length === maximum) return { objects, commonPrefixes, next: last };
    last = common ?? object.key;
    if (common === undefined) objects.push(object);
    else {
      commonPrefixes.push(common);
      range.skip = common;
    }
  }
  return { objects, commonPrefixes, next: undefined };
}

/** A number of results that a query asks for. @throws ServiceError InvalidArgument */
export function readMaximum({ query }: S3Request, name: string): number {
  const text = query.get(name);
  if (text === null || text === '') return MAX_PAGE;
  const isInteger = /^\d{1,10}$/.test(text) && Number(text) <= 2 ** 31 - 1;
  if (!isInteger) throw invalidArgument(name, text, `Provided ${name} not an integer or within integer range`);
  return Math.min(Number(text), MAX_PAGE);
}

/** How the text of keys is written, as `encoding-type` asks. @throws ServiceError InvalidArgument */
export function keyEncoding({ query }: S3Request): (text: string) => string {
  const type = query.get('encoding-type');
  if (type !== null && type !== 'url') {
    throw invalidArgument('encoding-type', type, 'Invalid Encoding Method specified in Request');
  }
  return type === null ? (text) => text : (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}

// --- internal ---

function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
