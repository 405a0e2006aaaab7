/** The first lines of a source, whole, to look at before it is read: in memory, as a source of their own. */
import type { ByteStream, DataSource } from './reader.js';
import { LINE_FEED, MAX_LINE_BYTES } from './text/lines.js';

/** Bytes that are looked at, or the first two lines where they are longer: the second says what the first is. */
const LOOK_BYTES = 64 * 1024;

/** The source cut after its first lines. */
export async function firstLines(source: DataSource): Promise<DataSource> {
  const stream = await source.open();
  try {
    const bytes = await readLines(stream);
    return { ...source, open: () => streamOf(bytes) };
  } finally {
    stream.close();
  }
}

// --- internal ---

async function readLines(stream: ByteStream): Promise<Uint8Array> {
  let bytes = Buffer.alloc(LOOK_BYTES);
  let length = 0;
  for (;;) {
    const count = await stream.read(bytes.subarray(length));
    length += count;
    if (count === 0) return bytes.subarray(0, length);
    if (length < bytes.length) continue;
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    const isSecond = end > bytes.indexOf(LINE_FEED) + 1;
    if (isSecond || length >= MAX_LINE_BYTES) return bytes.subarray(0, end || length);
    bytes = Buffer.concat([bytes, Buffer.alloc(length)]);
  }
}

function streamOf(bytes: Uint8Array): ByteStream {
  let at = 0;
  return {
    read(target) {
      const piece = bytes.subarray(at, at + target.length);
      target.set(piece);
      at += piece.length;
      return piece.length;
    },
    close() {},
  };
}
