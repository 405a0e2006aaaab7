/** The lines of a text file, read as they are asked for: a channel may be larger than memory. */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { Left } from './left.js';

const CHUNK_BYTES = 1 << 20;
/** The 25 MB that a real-time request may have (AWS guide "InvokeEndpoint"): a longer line is no row that can be sent. */
const MAX_LINE_CHARS = 25_000_000;

/**
 * Without their ends, LF or CRLF.
 * @param name of the file in messages
 * @throws Left for a line that is too long for a request
 */
export function* linesOf(path: string, name: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest = '';
    for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, bytes))).split('\n');
      rest = lines.pop()!;
      if (rest.length > MAX_LINE_CHARS)
        throw new Left(`a line of ${name} is longer than ${MAX_LINE_CHARS} characters.`);
      yield* lines.map(withoutReturn);
    }
    yield withoutReturn(rest + decoder.end());
  } finally {
    closeSync(file);
  }
}

// --- internal ---

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
