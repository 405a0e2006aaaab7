/**
 * Files of a tar archive, for the `model.tar.gz` of an earlier job. Reads what tar programs write (POSIX ustar and pax,
 * GNU), long names and links within the archive too. Every step takes a block of 512 bytes, and nothing is believed that
 * its header's checksum does not cover. Format: IEEE Std 1003.1, pax, ustar interchange format; GNU tar manual.
 */
import { posix } from 'node:path';
import { ClientError } from '../errors.js';
import { quoted } from '../visible.js';

const BLOCK_BYTES = 512;
/** Where a header has its fields: offset and length. */
const NAME = [0, 100] as const;
const SIZE = [124, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE_OFFSET = 156;
const LINK = [157, 100] as const;
const PREFIX = [345, 155] as const;

/** By what an entry's type says it is; folders and devices have no content. */
const TYPES = { file: ['0', '\0', '7'], hardLink: '1', symbolicLink: '2', pax: 'x', longName: 'L', longLink: 'K' };
const EXTENSIONS = [TYPES.pax, TYPES.longName, TYPES.longLink];
/** More files are no model; each takes memory of its own. */
const MAX_ENTRIES = 1_000_000;
/** Of a header that says more of the file behind it: paths have at most 4,096 bytes, and other programs add their notes. */
const MAX_EXTENSION_BYTES = 1024 * 1024;
/** Files with holes, and files that continue in another archive. */
const UNREADABLE = ['S', 'M'];

/** Whether the bytes begin with a header whose checksum is right, as the oldest tar programs write it too. */
export function isTar(bytes: Uint8Array): boolean {
  return readHeader(bytes.subarray(0, BLOCK_BYTES)) !== undefined;
}

/**
 * Regular files by name, without a leading `./`; the later of two equal names. Symbolic links to folders and to nothing are
 * passed over: files have names of their own.
 * @throws ClientError E_MODEL when the archive is damaged, ends early, has a name or link that leaves its folder, or more
 *   than `maxEntries` entries
 */
export function readTar(archive: Uint8Array, label: string, maxEntries = MAX_ENTRIES): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const links: { readonly type: string; readonly name: string; readonly target: string }[] = [];
  let extended: Extension = {};
  let entries = 0;
  for (let at = 0; at < archive.length; ) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) break;
    const entry = readHeader(header);
    const start = at + BLOCK_BYTES;
    const size = extended.size ?? entry?.size ?? Number.NaN;
    if (!entry || !(size >= 0 && size <= archive.length - start)) {
      throw new ClientError('E_MODEL', `${label} must be a tar archive; it is damaged at byte ${at}.`);
    }
    const content = archive.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    const { type } = entry;
    if (++entries > maxEntries) {
      throw new ClientError('E_MODEL', `${label} must have at most ${maxEntries} entries; it has more.`);
    }
    if (EXTENSIONS.includes(type) && size > MAX_EXTENSION_BYTES) {
      throw new ClientError(
        'E_MODEL',
        `${label} must be a tar archive; an extended header of it has ${size} bytes, and may have ${MAX_EXTENSION_BYTES}.`,
      );
    }
    if (type === TYPES.pax) extended = { ...extended, ...readPax(content, label) };
    else if (type === TYPES.longName) extended = { ...extended, path: untilZero(content) };
    else if (type === TYPES.longLink) extended = { ...extended, linkpath: untilZero(content) };
    else {
      const name = extended.path ?? entry.name;
      if (extended.isSparse) throw refused(label, name, 'be a whole file, without holes');
      if (TYPES.file.includes(type)) files.set(inside(name, name, label), content);
      else if (type === TYPES.hardLink || type === TYPES.symbolicLink) {
        const path = extended.linkpath ?? entry.link;
        const from = type === TYPES.hardLink || path.startsWith('/') ? path : posix.join(posix.dirname(name), path);
        links.push({ type, name: inside(name, name, label), target: inside(from, name, label) });
      } else if (UNREADABLE.includes(type)) throw refused(label, name, 'be a whole file, without holes');
      extended = {};
    }
  }
  const targets = new Map(links.map(({ name, target }) => [name, target]));
  for (const { type, name, target } of links) {
    const content = files.get(endOfLinks(target, files, targets));
    if (!content && type === TYPES.symbolicLink) continue;
    if (!content) throw refused(label, name, `link to a file of the archive; it links to ${quoted(target)}`);
    files.set(name, content);
  }
  return files;
}

// --- internal ---

/** As many links one behind the other as Linux follows. */
const MAX_LINKS = 40;

/** Where a link to `target` leads, also through links that come later in the archive. */
function endOfLinks(target: string, files: Entries, targets: ReadonlyMap<string, string>): string {
  let end = target;
  for (let passed = 0; passed < MAX_LINKS && !files.has(end); passed++) end = targets.get(end) ?? end;
  return end;
}

type Entries = ReadonlyMap<string, Uint8Array>;

/** What entries before a file say of it, where its own header has no room. */
interface Extension {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
  /** Whether its content is a map of holes, and what is between them: pax says so by keys of GNU's. */
  readonly isSparse?: boolean;
}

/** Undefined where the checksum is not that of the header. */
function readHeader(header: Uint8Array) {
  if (header.length < BLOCK_BYTES || !hasChecksum(header)) return undefined;
  const prefix = text(header, PREFIX);
  return {
    type: String.fromCharCode(header[TYPE_OFFSET]!),
    name: (prefix === '' ? '' : `${prefix}/`) + text(header, NAME),
    link: text(header, LINK),
    size: readSize(header.subarray(SIZE[0], SIZE[0] + SIZE[1])),
  };
}

/** The sum of all bytes, those of the sum itself as blanks; old programs took bytes for signed ones. */
function hasChecksum(header: Uint8Array): boolean {
  const [offset, length] = CHECKSUM;
  let sum = 32 * length;
  let signed = sum;
  for (let i = 0; i < BLOCK_BYTES; i++) {
    if (i >= offset && i < offset + length) continue;
    sum += header[i]!;
    signed += (header[i]! << 24) >> 24;
  }
  const told = Number.parseInt(text(header, CHECKSUM).trim(), 8);
  return told === sum || told === signed;
}

/** Octal digits, or a number of base 256 whose first byte is 0x80; NaN for any other, a negative one too. */
function readSize(field: Uint8Array): number {
  if (field[0] === 0x80) return field.subarray(1).reduce((size, byte) => size * 256 + byte, 0);
  const digits = untilZero(field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === '' ? 0 : Number.NaN;
}

/** Records `LENGTH KEY=VALUE\n`, the length in bytes and of the whole record. */
function readPax(content: Uint8Array, label: string): Extension {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(' ', at);
    const length = blank > at ? Number(bytes.toString('latin1', at, Math.min(blank, at + 20))) : Number.NaN;
    const equals = bytes.indexOf('=', blank);
    const isWhole = Number.isInteger(length) && length > 0 && at + length <= bytes.length;
    if (!(isWhole && equals > blank && equals < at + length)) {
      throw new ClientError('E_MODEL', `${label} must be a tar archive; an extended header of it is damaged.`);
    }
    records.set(bytes.toString('utf8', blank + 1, equals), bytes.toString('utf8', equals + 1, at + length - 1));
    at += length;
  }
  const [path, linkpath, size] = ['path', 'linkpath', 'size'].map((key) => records.get(key));
  const isSparse = [...records.keys()].some((key) => key.startsWith('GNU.sparse.'));
  return {
    ...(isSparse && { isSparse }),
    ...(path !== undefined && { path }),
    ...(linkpath !== undefined && { linkpath }),
    ...(size !== undefined && { size: /^\d+$/.test(size) ? Number(size) : Number.NaN }),
  };
}

/** `path` without dots. @throws ClientError E_MODEL when it leads out of the archive's folder */
function inside(path: string, name: string, label: string): string {
  const plain = posix.normalize(path);
  if (plain.startsWith('/') || plain === '..' || plain.startsWith('../')) {
    throw refused(label, name, `stay in the archive's folder; it leads to ${quoted(path)}`);
  }
  return plain;
}

function refused(label: string, name: string, rule: string): ClientError {
  return new ClientError(
    'E_MODEL',
    `${label}: its file ${quoted(name)} must ${rule}. Pack the model's own files only.`,
  );
}

function text(header: Uint8Array, [offset, length]: readonly [number, number]): string {
  return untilZero(header.subarray(offset, offset + length));
}

/** A field up to its first zero byte. */
function untilZero(field: Uint8Array): string {
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end)).toString('utf8');
}
