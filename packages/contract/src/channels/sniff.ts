/**
 * The content type of a channel whose job gives none, detected from the start of its first file if that is unambiguous:
 * the magic numbers of Parquet and RecordIO, and a line of `index:value`, which SageMaker's XGBoost container takes for
 * granted. Everything else is the definition's first type.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Format } from '../formats/format.js';
import { CHANNEL_FORMATS } from '../formats/formats.js';
import { packingOf } from './packings.js';

/** The type among `accepted` that the file at `path` is of, or undefined when it bears no mark. */
export function sniffContentType(path: string, accepted: readonly string[]): string | undefined {
  const start = startOf(path);
  const found = CHANNEL_FORMATS.find((format: Format) => format.isSeen?.(start))?.type;
  return found !== undefined && accepted.includes(found) ? found : undefined;
}

// --- internal ---

const SEEN_BYTES = 64 * 1024;

/** The first bytes, unpacked; none of a file that cannot be read, which its reader will report. */
function startOf(path: string): Buffer {
  const bytes = Buffer.alloc(SEEN_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      const start = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
      const packing = packingOf(start);
      // Runs of zeros unpack to a thousand times their size.
      return packing ? packing.unpackStart(start, 1024 * SEEN_BYTES).subarray(0, SEEN_BYTES) : start;
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
