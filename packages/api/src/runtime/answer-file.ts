/** A container's answer as a file: it may be longer than what memory should hold. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** @throws Error when it has more than `maxBytes`, or breaks off */
export async function writeAnswer(answer: Readable, file: string, maxBytes: number): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await pipeline(answer, (chunks: AsyncIterable<Buffer>) => bounded(chunks, maxBytes), createWriteStream(file));
}

// --- internal ---

async function* bounded(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncIterable<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`The answer must have up to ${maxBytes} bytes; it has more.`);
    yield chunk;
  }
}
