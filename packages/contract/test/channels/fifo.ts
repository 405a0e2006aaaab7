/** The service's side of a Pipe channel. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Opens the FIFO, which waits for its reader, and writes all of `content`. */
export async function writeFifo(path: string, content: string | Uint8Array): Promise<void> {
  const writer = createWriteStream(path);
  writer.end(content);
  await finished(writer);
}
