/**
 * The actual format of data that does not match its content type, recognized by its first bytes: for the end of a
 * message, so that nobody removes row after row of an archive. A wrong guess misleads more than none, so only clear
 * marks count.
 */

/** A sentence for the end of a message, beginning with a blank; empty when the bytes bear no mark. */
export function contentHint(start: Uint8Array): string {
  const known = SIGNATURES.find(({ bytes, at = 0 }) => bytes.every((byte, i) => start[at + i] === byte));
  if (known) return ` The data is ${known.name}: ${known.advice ?? UNPACK}.`;
  if (isUtf16(start)) return ' The data is text in UTF-16: save it as UTF-8.';
  const text = Buffer.from(start.subarray(0, SEEN_BYTES))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  const form = TEXT_FORMS.find(({ pattern }) => pattern.test(text));
  if (form) return ` The data ${form.name}: ${form.advice}.`;
  // No text has such a byte, and many formats have it early.
  if (start.subarray(0, SEEN_BYTES).includes(0))
    return ' The data is binary, not text: check the content type and the files.';
  return '';
}

// --- internal ---

interface Signature {
  readonly bytes: Uint8Array;
  readonly at?: number;
  readonly name: string;
  readonly advice?: string;
}

/** Enough for every mark, and for a line or two of text. */
const SEEN_BYTES = 1024;
const UNPACK = 'unpack it (only gzip and Zstandard are supported)';
const CONVERT = 'convert it, or set the right content type';
const SET_JSON = 'convert it, or set the content type to application/json or application/jsonlines';
const ascii = (text: string) => Buffer.from(text, 'latin1');

const SIGNATURES: readonly Signature[] = [
  { bytes: ascii('PK\x03\x04'), name: 'a zip archive (also .xlsx, .npz)' },
  { bytes: ascii('PK\x05\x06'), name: 'an empty zip archive' },
  { bytes: ascii('\x1f\x8b'), name: 'compressed with gzip', advice: 'send it uncompressed' },
  { bytes: ascii('BZh'), name: 'compressed with bzip2' },
  { bytes: ascii('\xfd7zXZ\x00'), name: 'compressed with xz' },
  { bytes: ascii('7z\xbc\xaf\x27\x1c'), name: 'a 7z archive' },
  { bytes: ascii('Rar!\x1a\x07'), name: 'a RAR archive' },
  { bytes: ascii('\x28\xb5\x2f\xfd'), name: 'compressed with zstd', advice: 'send it uncompressed' },
  { bytes: ascii('\x04\x22\x4d\x18'), name: 'compressed with lz4' },
  { bytes: ascii('\x02\x21\x4c\x18'), name: 'compressed with lz4 (legacy frames)' },
  { bytes: ascii('\xff\x06\x00\x00sNaPpY'), name: 'compressed with snappy' },
  { bytes: ascii('\x82SNAPPY\x00'), name: 'compressed with snappy (Java)' },
  { bytes: ascii('\x1f\x9d'), name: 'compressed with compress (.Z)' },
  { bytes: ascii('ustar'), at: 257, name: 'a tar archive' },
  { bytes: ascii('PAR1'), name: 'Parquet', advice: 'the content type must be application/x-parquet' },
  { bytes: ascii('PARE'), name: 'encrypted Parquet', advice: 'decrypt it' },
  { bytes: ascii('ORC'), name: 'ORC', advice: CONVERT },
  { bytes: ascii('Obj\x01'), name: 'Avro', advice: CONVERT },
  { bytes: ascii('ARROW1'), name: 'Arrow (Feather)', advice: CONVERT },
  { bytes: ascii('FEA1'), name: 'Feather', advice: CONVERT },
  {
    bytes: ascii('\x0a\x23\xd7\xce'),
    name: 'RecordIO',
    advice: 'the content type must be application/x-recordio-protobuf',
  },
  { bytes: ascii('\x89HDF\r\n\x1a\n'), name: 'HDF5', advice: CONVERT },
  { bytes: ascii('\x93NUMPY'), name: "NumPy's .npy", advice: 'the content type must be application/x-npy' },
  { bytes: ascii('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), name: 'an Excel workbook (.xls)', advice: 'save it as CSV' },
  { bytes: ascii('%PDF-'), name: 'a PDF', advice: CONVERT },
  { bytes: ascii('\x89PNG\r\n'), name: 'a PNG image', advice: CONVERT },
  { bytes: ascii('\xff\xd8\xff'), name: 'a JPEG image', advice: CONVERT },
  { bytes: ascii('SQLite format 3\x00'), name: 'an SQLite database', advice: CONVERT },
  { bytes: ascii('RDX2\n'), name: "R's .RData", advice: CONVERT },
  { bytes: ascii('RDX3\n'), name: "R's .RData", advice: CONVERT },
  ...[2, 3, 4, 5].map((version) => ({ bytes: Uint8Array.of(0x80, version), name: 'a Python pickle', advice: CONVERT })),
];

const TEXT_FORMS = [
  {
    pattern: /^(?:<!doctype html|<html)\b/i,
    name: 'is an HTML page',
    advice: 'check that the download returned the file itself',
  },
  {
    pattern: /^(?:<\?xml|<Error>|<[A-Za-z][\w-]*[ >])/,
    name: 'is XML',
    advice: 'check that the download returned the file itself',
  },
  {
    pattern: /^\[\s*\{\s*"prefix"\s*:/,
    name: 'is an S3 manifest',
    advice: 'set S3DataType of the channel to ManifestFile',
  },
  {
    pattern: /^\{[^\n]*"source-ref"\s*:/,
    name: 'is an augmented manifest',
    advice: 'set S3DataType of the channel to AugmentedManifestFile',
  },
  { pattern: /^\{\s*"[^"\n]*"\s*:/, name: 'is JSON', advice: SET_JSON },
  { pattern: /^\[\s*[[{"]/, name: 'is JSON', advice: SET_JSON },
  { pattern: /^\[\s*-?\d[\d.,eE+\s-]*\]\s*(?:$|[\n,])/, name: 'is JSON', advice: SET_JSON },
  { pattern: /^@(?:relation|attribute)\b/i, name: 'is ARFF', advice: CONVERT },
  {
    pattern: /^(?:version https:\/\/git-lfs|oid sha256:)/,
    name: 'is a Git LFS pointer',
    advice: 'fetch the file itself (git lfs pull)',
  },
  {
    pattern:
      /^(?=[^\n]*[A-Za-z])(?=[^\n]*[0-9+/=])(?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*(?:$|\n)/,
    name: 'looks like base64',
    advice: 'decode it first',
  },
] as const;

/** A byte order mark, or a NUL at every second place as ASCII has it in UTF-16. */
function isUtf16(start: Uint8Array): boolean {
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if (start.length < 8) return false;
  const zeros = [0, 0];
  for (let i = 0; i < 8; i++) if (start[i] === 0) zeros[i % 2]!++;
  return (zeros[0] === 4 && zeros[1] === 0) || (zeros[1] === 4 && zeros[0] === 0);
}
