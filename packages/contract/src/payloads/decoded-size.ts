/**
 * Bytes that a decoded value takes, for the bound on it: exact for arrays of numbers, bytes and texts, about right for
 * objects around them.
 */

/** Of a value that a decoder gave. @param limit more than this need not be counted */
export function decodedSize(value: unknown, limit: number): number {
  const seen = new Set<object>();
  const open: unknown[] = [value];
  let bytes = 0;
  while (open.length > 0 && bytes <= limit) {
    const next = open.pop();
    if (typeof next === 'string') bytes += next.length * 2;
    else if (typeof next !== 'object' || next === null) bytes += SLOT_BYTES;
    else if (!seen.has(next)) {
      seen.add(next);
      if (ArrayBuffer.isView(next)) bytes += next.byteLength;
      else if (next instanceof ArrayBuffer || next instanceof SharedArrayBuffer) bytes += next.byteLength;
      else {
        bytes += OBJECT_BYTES;
        for (const member of membersOf(next)) open.push(member);
      }
    }
  }
  return bytes;
}

// --- internal ---

/** What an engine takes for a value in a list or object, and for an object itself. */
const SLOT_BYTES = 8;
const OBJECT_BYTES = 32;

function membersOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (Array.isArray(value) || value instanceof Set) return value;
  return Object.values(value);
}
