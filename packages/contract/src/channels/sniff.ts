/**
 * The content type of a channel whose job gives none, told from the start of its first file where it cannot be mistaken:
 * the magic numbers of Parquet and RecordIO, and a line of `index:value`, which SageMaker's XGBoost container takes for
 * granted. Everything else is the definition's first type.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';

/** The type among `accepted` that the file at `path` is of, or undefined when it bears no mark. */
export function sniffContentType(path: string, accepted: readonly string[]): string | undefined {
  const start = startOf(path);
  const found = MARKS.find(({ isSeen }) => isSeen(start))?.type;
  return found !== undefined && accepted.includes(found) ? found : undefined;
}

// --- internal ---

const SEEN_BYTES = 64 * 1024;
const RECORDIO = Buffer.from([0x0a, 0x23, 0xd7, 0xce]);
/** A label, maybe with a weight, maybe a query, and one entry or more. */
const LIBSVM =
  /^(?:\uFEFF)?(?:[ \t]*#[^\n]*\n)*[ \t]*[-+.\deE]+(?::[-+.\deE]+)?(?:[ \t]+qid:\d+)?(?:[ \t]+\d+:[-+.\w]+)+[ \t]*(?:#|\r?\n|$)/;

const MARKS: readonly { readonly type: string; isSeen(start: Buffer): boolean }[] = [
  { type: 'application/x-parquet', isSeen: (start) => start.subarray(0, 4).toString('latin1') === 'PAR1' },
  { type: 'application/x-recordio-protobuf', isSeen: (start) => start.subarray(0, 4).equals(RECORDIO) },
  { type: 'text/libsvm', isSeen: (start) => LIBSVM.test(start.toString('latin1')) },
];

/** The first bytes, unpacked; none of a file that cannot be read, which its reader will tell. */
function startOf(path: string): Buffer {
  const bytes = Buffer.alloc(SEEN_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      const start = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
      if (start[0] !== 0x1f || start[1] !== 0x8b) return start;
      // Runs of zeros unpack to a thousand times their size.
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1024 * SEEN_BYTES };
      return gunzipSync(start, options).subarray(0, SEEN_BYTES);
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
