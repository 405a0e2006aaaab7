/** A larger body of the same kind, for what a sample of a few records does not show. */
import { mediaTypeOf } from '@algo/local';
import type { SampleRequest } from '../profile/profile.js';

/** Whether records of the type are lines, so that they can be repeated. */
export function hasLines({ contentType }: Pick<SampleRequest, 'contentType'>): boolean {
  return LINE_TYPES.has(mediaTypeOf(contentType));
}

/** The sample's lines again and again, up to a size; of a type without lines, the sample itself. */
export function enlarge(sample: SampleRequest, bytes: number): Buffer {
  if (!hasLines(sample)) return sample.body;
  const block = sample.body.at(-1) === NEWLINE ? sample.body : Buffer.concat([sample.body, Buffer.from('\n')]);
  const times = Math.max(1, Math.floor(bytes / block.length));
  return Buffer.alloc(times * block.length, block);
}

/** Lines of a body that are no padding. */
export function countLines(body: Buffer): number {
  return linesOf(body).length;
}

/** The same, without their ends. */
export function linesOf(body: Buffer): readonly string[] {
  return body
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

// --- internal ---

const NEWLINE = 10;
const LINE_TYPES = new Set([
  'text/csv',
  'text/libsvm',
  'text/x-libsvm',
  'application/jsonlines',
  'application/x-jsonlines',
  'application/x-ndjson',
  'text/plain',
]);
