/** Names that a file of a model may have: paths below its folder that every system and archive takes. */

/** Parts are joined by `/`. Hidden ones, and so `.` and `..`, are the SDK's own. */
export function isModelFileName(name: string): boolean {
  return name
    .split('/')
    .every(
      (part) => part !== '' && !part.startsWith('.') && !part.includes('\0') && Buffer.byteLength(part) <= MOST_BYTES,
    );
}

// --- internal ---

/** Of a part, in the file systems of Linux. */
const MOST_BYTES = 255;
