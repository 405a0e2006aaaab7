/**
 * What a file is that somebody put into a model directory, by its first bytes and, where these say nothing, its name: so
 * that an algorithm can name what it does not read, and say what turns it into something that it does.
 */

/** A file's kind, and the words for it: "received a Python pickle". */
export interface KnownFile {
  readonly kind: FileKind;
  readonly what: string;
}

export type FileKind = keyof typeof KINDS;

/** How many bytes of the start identify every kind. */
export const KIND_BYTES = 4096;

/**
 * The kind of a file, or undefined for one that nothing is known of, such as plain text, JSON or data.
 * @param name  its name, for kinds that the bytes do not identify
 * @param start its first `KIND_BYTES` bytes, or all of a shorter one
 */
export function recognizeFile(name: string, start: Uint8Array): KnownFile | undefined {
  if (start.length === 0) return known('empty');
  const bytes = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, KIND_BYTES)).toString('latin1');
  const hex = Buffer.from(bytes.slice(0, HEX_BYTES), 'latin1').toString('hex');
  const kind = find(BY_HEX, hex) ?? find(BY_TEXT, bytes);
  if (kind === 'gzip') return known(kindInGzip(start, name));
  if (kind === 'zip') return known(find(BY_NAME_OF_ZIP, name) ?? 'zip');
  return known(kind ?? find(BY_NAME, name));
}

// --- internal ---

const KINDS = {
  empty: 'an empty file',
  pickle: 'a Python pickle',
  zlib: 'zlib-compressed data, perhaps of joblib',
  gzip: 'a gzip file',
  zip: 'a zip archive',
  compressed: 'a compressed file',
  tar: 'a tar archive',
  rds: 'an object of R (RDS)',
  'xgboost-binary': "XGBoost's removed binary format",
  'xgboost-base64': "XGBoost's removed text-encoded binary format",
  lightgbm: "LightGBM's text format",
  catboost: "CatBoost's format",
  'text-dump': 'a text dump, which is not enough for prediction',
  onnx: 'an ONNX model',
  'saved-model': 'a TensorFlow SavedModel',
  hdf5: 'an HDF5 file, perhaps of Keras',
  keras: 'a Keras file',
  pytorch: 'a PyTorch file',
  tflite: 'a TensorFlow Lite model',
  'git-lfs': 'a Git LFS pointer',
  pmml: 'a PMML file',
  xml: 'XML or HTML',
} as const;

function known(kind: FileKind | undefined): KnownFile | undefined {
  return kind && { kind, what: KINDS[kind] };
}

/** Digits are made of these. */
const HEX_BYTES = 16;

function find(kinds: readonly (readonly [pattern: RegExp, kind: FileKind])[], text: string): FileKind | undefined {
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}

/** First bytes as hexadecimal digits. */
const BY_HEX: readonly (readonly [pattern: RegExp, kind: FileKind])[] = [
  [/^800[2-5]/, 'pickle'], // of protocols 2 to 5; older ones begin with an opcode, a letter
  [/^78(01|5e|9c|da)/, 'zlib'],
  [/^1f8b/, 'gzip'],
  [/^504b0304/, 'zip'],
  [/^(425a68|fd377a585a|28b52ffd)/, 'compressed'],
  [/^(580a0000000[23]|5244(41|42|58)3[23]0a)/, 'rds'],
  [/^894844460d0a1a0a/, 'hdf5'],
];

/** First bytes as Latin-1. */
const BY_TEXT: readonly (readonly [pattern: RegExp, kind: FileKind])[] = [
  [/^(ccopy_reg|cxgboost|csklearn|\(dp|\(ixgboost|c__builtin__)/, 'pickle'],
  [/^[\s\S]{257}ustar/, 'tar'],
  [/^binf/, 'xgboost-binary'],
  [/^bs64/, 'xgboost-base64'],
  // Without its later mark: 136 bytes of parameters, then the names of the objective and of the booster, each after a length.
  [/^[\s\S]{144}(reg|binary|multi|rank|count|survival):[a-z]+[\s\S]{8}(gbtree|dart|gblinear)/, 'xgboost-binary'],
  [/^tree\r?\n/, 'lightgbm'],
  [/^CBM1/, 'catboost'],
  [/^\s*(booster\[0\]|0:(leaf=|\[[^\]]{1,512}\] yes=))/, 'text-dump'],
  [/^[\s\S]{4}TFL3/, 'tflite'],
  [/^version https:\/\/git-lfs/, 'git-lfs'],
  [/^\s*<[\s\S]*<PMML/, 'pmml'],
  [/^\s*</, 'xml'],
  // Protobuf: ir_version, then producer_name after its length.
  [/^[\s\S]{4}(pytorch|skl2onnx|tf2onnx|OnnxMLTools|onnx|keras2onnx|CatBoost)/i, 'onnx'],
];

const BY_NAME: readonly (readonly [pattern: RegExp, kind: FileKind])[] = [
  [/\.onnx$/i, 'onnx'],
  [/(^|\/)saved_model\.pb(txt)?$/, 'saved-model'],
  [/\.(pkl|pickle|joblib)$/i, 'pickle'],
  [/\.(rds|rdata)$/i, 'rds'],
  [/\.cbm$/i, 'catboost'],
  [/\.tflite$/i, 'tflite'],
  [/\.(pt|pth)$/i, 'pytorch'],
  [/\.keras$/i, 'keras'],
];

const BY_NAME_OF_ZIP: readonly (readonly [pattern: RegExp, kind: FileKind])[] = [
  [/\.keras$/i, 'keras'],
  [/\.(pt|pth)$/i, 'pytorch'],
];

/** R compresses its objects by gzip; what else is inside is the caller's to unpack. */
function kindInGzip(start: Uint8Array, name: string): FileKind {
  try {
    const { constants, gunzipSync } = process.getBuiltinModule('node:zlib');
    const inside = gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 * 1024 * 1024 });
    return recognizeFile('', inside)?.kind === 'rds' ? 'rds' : 'gzip';
  } catch {
    return /\.rds$/i.test(name) ? 'rds' : 'gzip'; // cut off in a place that zlib does not take, or damaged
  }
}
