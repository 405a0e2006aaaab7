/**
 * Where in a bucket's folder the object of a key is: `a/b.csv` is the file `b.csv` in the folder `a`. Names that a file
 * system cannot hold are escaped, and only these: an escaped name starts with a marker of two characters.
 *
 *     %~TEXT   the segment TEXT: empty, `.`, `..`, one that starts with a marker itself; `%00` is NUL and `%25` is `%`
 *     %+TEXT   a folder: the first bytes of a segment of more than 255 bytes, which continues inside
 *     %=TEXT   the object `TEXT` where the folder `TEXT` exists too, as `a` and `a/b`
 *
 * No name contains `/` or is `.` or `..`, so no key leaves the folder. A file whose name starts with a marker but is not
 * what `namesOf` returns for its text has no key: it is no object.
 */
import { sep } from 'node:path';

/** Longest name of a file on Linux and macOS (255 UTF-16 units there, which are never more than the bytes). */
const MAX_NAME_BYTES = 255;
const MARKER = /^%[~+=]/;
const CONTINUED = '%+';
const ESCAPED = '%~';
const SIBLING = '%=';

/** How the last segment of a key is written: as itself, or next to a folder of the same name. */
export type NameForm = 'plain' | 'sibling';

/** Path of the file of this key. @param folder the bucket's folder */
export function keyPath(folder: string, key: string, form: NameForm = 'plain'): string {
  const segments = key.split('/');
  const names = segments.flatMap((segment, i) => namesOf(segment, i === segments.length - 1 ? form : 'plain'));
  return [folder, ...names].join(sep);
}

/** Names of one segment: one, or several where it is too long for one. */
function namesOf(segment: string, form: NameForm = 'plain'): string[] {
  if (form === 'plain' && isPlain(segment)) return [segment];
  const last = form === 'sibling' ? SIBLING : ESCAPED;
  const pieces = split(segment, MAX_NAME_BYTES - last.length);
  return pieces.map((piece, i) => (i === pieces.length - 1 ? last : CONTINUED) + piece);
}

/** A name on disk, read: what it adds to the key. */
export interface NameMeaning {
  /** The segment, or its first part if `isContinued`. */
  readonly text: string;
  readonly form: NameForm;
  /** Whether the segment continues in this folder. */
  readonly isContinued: boolean;
}

/**
 * What names on disk mean.
 * @param names the folders that begin one segment, if any, and the name to read last
 * @returns undefined if no key has this name
 */
export function readNames(names: readonly string[]): NameMeaning | undefined {
  const name = names.at(-1)!;
  if (names.length === 1 && isPlain(name)) return { text: name, form: 'plain', isContinued: false };
  if (!MARKER.test(name)) return undefined;
  const text = names.map((part) => unescapeText(part.slice(2))).join('');
  if (name.startsWith(CONTINUED)) return { text, form: 'plain', isContinued: true };
  const form = name.startsWith(SIBLING) ? 'sibling' : 'plain';
  const written = namesOf(text, form);
  const isItsName = written.length === names.length && written.every((part, i) => part === names[i]);
  return isItsName ? { text, form, isContinued: false } : undefined;
}

/** The key whose file has this path below its bucket's folder; names that no key has are as they are. */
export function keyOfPath(path: string): string {
  const segments: string[] = [];
  let names: string[] = [];
  for (const name of path.split(sep)) {
    names.push(name);
    const meaning = readNames(names);
    if (meaning?.isContinued) continue;
    segments.push(meaning?.text ?? names.join(sep));
    names = [];
  }
  return [...segments, ...names].join('/');
}

// --- internal ---

function isPlain(segment: string): boolean {
  return (
    segment !== '' &&
    segment !== '.' &&
    segment !== '..' &&
    !MARKER.test(segment) &&
    !segment.includes('\0') &&
    Buffer.byteLength(segment) <= MAX_NAME_BYTES
  );
}

function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\0', '%00');
}

function unescapeText(text: string): string {
  return text.replace(/%(00|25)/g, (_, hex) => (hex === '00' ? '\0' : '%'));
}

/** The escaped text in pieces of at most `maxBytes` UTF-8 bytes; '' is one piece. */
function split(text: string, maxBytes: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of text) {
    const escaped = escapeText(character);
    const size = Buffer.byteLength(escaped);
    if (bytes + size > maxBytes) {
      pieces.push(piece);
      [piece, bytes] = ['', 0];
    }
    piece += escaped;
    bytes += size;
  }
  return [...pieces, piece];
}
