/**
 * A stream of parts from `predict` as parts of an answer's body. The first part is made before the answer begins, so that
 * an error in it is a normal one. Every part is written by the writer of the answer's format, JSON as pieces of one
 * document, or as events where the caller asked for them.
 */
import type { DocumentFrame } from '../formats/format.js';
import type { Parts } from './part-flow.js';

/** How parts become bytes. */
export interface PartWriter {
  /** @throws AlgorithmError for a part that breaks the definition */
  write(part: unknown): Buffer | Promise<Buffer>;
  /** After the last part: bytes that are left to write. */
  end(): Buffer;
  /** What is around and between the parts of one document; without, parts follow one another. */
  readonly frame?: DocumentFrame | undefined;
}

/** Whether `predict` returned a stream. */
export function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/**
 * @param told gets an error of a later part, which no caller can get as an answer
 * @returns the first part, and what gives the others; undefined where there are none
 * @throws what the stream or the writer throws before there is a first part
 */
export async function streamParts(
  stream: AsyncIterable<unknown>,
  writer: PartWriter,
  told: (error: unknown) => void,
): Promise<{ readonly first: Buffer; readonly rest: Parts | undefined }> {
  const { before = '', between = '', after = '' } = writer.frame ?? {};
  const iterator = stream[Symbol.asyncIterator]();
  let isWritten = false;
  let isEnded = false;
  const next = async (): Promise<Buffer | undefined> => {
    if (isEnded) return undefined;
    const part = await iterator.next();
    if (part.done) {
      isEnded = true;
      const last = writer.end();
      const separator = isWritten && last.length > 0 ? between : '';
      return joinTexts(isWritten ? separator : before, last, after);
    }
    const body = await writer.write(part.value);
    if (body.length === 0) return body;
    const separator = isWritten ? between : before;
    isWritten = true;
    return joinTexts(separator, body, '');
  };
  let left: Promise<unknown> | undefined;
  /** Once, however many of those between here and the caller give the stream up. */
  const leave = async () => {
    isEnded = true;
    left ??= (async () => iterator.return?.())();
    await left;
  };
  const orLeave = async () => {
    try {
      return await next();
    } catch (error) {
      if (!isEnded) await leave().catch(() => {}); // the first error is the one to report
      isEnded = true;
      throw error;
    }
  };
  const first = (await orLeave()) ?? Buffer.alloc(0);
  const rest: Parts = {
    async next() {
      try {
        const value = await orLeave();
        return value ? { value, done: false } : { value, done: true };
      } catch (error) {
        told(error);
        throw error;
      }
    },
    return: leave,
  };
  return { first, rest: isEnded ? undefined : rest };
}

// --- internal ---

function joinTexts(before: string, body: Buffer, after: string): Buffer {
  if (before === '' && after === '') return body;
  return Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
}
