/**
 * A gzip file unpacked: all its members, with NUL bytes of padding between or behind them as parallel packers and appending
 * tools leave them. Node's own unpacking ends at padding and ignores what follows; here the end of each member is
 * checked, and anything that is neither a member nor padding is refused, so that no row is lost silently. Source: RFC
 * 1952, section 2.2.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const READ_BYTES = 256 * 1024;
/** The first byte of a member. */
const MAGIC = 0x1f;

/** What the gzip file at `path` unpacks to; the stream fails where the file is damaged, or when it is aborted. */
export function openGzip(path: string, signal?: AbortSignal): Readable {
  return Readable.from(unpack(path, signal), { objectMode: false });
}

// --- internal ---

async function* unpack(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void, undefined> {
  const file = await open(path);
  try {
    for (let start: number | undefined = 0; start !== undefined; ) {
      const engine = createGunzip({ chunkSize: READ_BYTES });
      // What goes wrong in reading destroys the engine with that error, and an engine left early ends the reading.
      const from = start === 0 ? {} : { start }; // a FIFO has no places
      const reading = pipeline(createReadStream(path, { ...from, highWaterMark: READ_BYTES }), engine, { signal });
      reading.catch(() => undefined);
      yield* engine;
      start = await nextMember(file, start + engine.bytesWritten);
    }
  } finally {
    await file.close();
  }
}

/** Where the member behind the padding at `from` begins; undefined at the file's end. */
async function nextMember(file: FileHandle, from: number): Promise<number | undefined> {
  const bytes = Buffer.alloc(READ_BYTES);
  for (let at = from; ; ) {
    const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) return undefined;
    const index = bytes.subarray(0, bytesRead).findIndex((byte) => byte !== 0);
    if (index >= 0) {
      if (bytes[index] === MAGIC) return at + index;
      throw new Error(
        `after its gzip data, from byte ${at + index}, only more gzip data or NUL bytes may follow; received other bytes`,
      );
    }
    at += bytesRead;
  }
}
