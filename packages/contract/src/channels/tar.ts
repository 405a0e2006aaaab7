/**
 * Files of a tar archive, for the `model.tar.gz` of an earlier job. Reads what tar programs write for short names (POSIX
 * ustar, GNU); extended headers are skipped. Format: IEEE Std 1003.1, pax, ustar interchange format.
 */
import { ClientError } from '../errors.js';

const BLOCK_BYTES = 512;
/** Where a header has its fields: offset and length. */
const NAME = [0, 100] as const;
const SIZE = [124, 12] as const;
const TYPE_OFFSET = 156;
const PREFIX = [345, 155] as const;

/**
 * Regular files by name, without a leading `./`.
 * @throws ClientError E_MODEL when the archive ends early or is none
 */
export function readTar(archive: Uint8Array, label: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK_BYTES <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) break;
    const size = Number.parseInt(text(header, SIZE).trim(), 8);
    const start = at + BLOCK_BYTES;
    if (!Number.isInteger(size) || start + size > archive.length) {
      throw new ClientError('E_MODEL', `${label} must be a tar archive; it is damaged at byte ${at}.`);
    }
    const type = String.fromCharCode(header[TYPE_OFFSET]!);
    const prefix = text(header, PREFIX);
    const name = (prefix === '' ? '' : `${prefix}/`) + text(header, NAME);
    if (type === '0' || type === '\0') files.set(name.replace(/^(\.\/)+/, ''), archive.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}

// --- internal ---

/** A field up to its first zero byte. */
function text(header: Uint8Array, [offset, length]: readonly [number, number]): string {
  const field = Buffer.from(header.subarray(offset, offset + length)).toString('latin1');
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}
