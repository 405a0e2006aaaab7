/**
 * Tells XGBoost's two current model formats from each other and from the files people have instead (a pickle, the
 * removed binary format, another library's model), for which the error says how to convert.
 */
import { ClientError } from '@algo/contract';

const RESAVE = 'Load it with the XGBoost that made it and save it again: booster.save_model("model.json").';
const UNPICKLE =
  'Unpickle it with the XGBoost and Python that made it and save it again: pickle.load(file).save_model("model.json").';
const UNJOBLIB = 'Load it with joblib and save it again: joblib.load(path).save_model("model.json").';
const SAVE = 'Save the model itself with XGBoost: booster.save_model("model.json").';
const UNPACK = 'Unpack it first: the model is the file inside.';

type Foreign = readonly [pattern: RegExp, kind: string, advice: string];

/** First bytes as hexadecimal digits, what such a file is, and what to do. */
const FOREIGN_BYTES: readonly Foreign[] = [
  [/^80(02|03|04|05)/, 'a Python pickle', UNPICKLE],
  [/^78(01|5e|9c|da)/, 'zlib-compressed data, perhaps of joblib', UNJOBLIB],
  [/^1f8b/, 'a gzip file', UNPACK],
  [/^504b0304/, 'a zip archive', UNPACK],
  [/^(425a68|fd377a585a|28b52ffd)/, 'a compressed file', UNPACK],
];

/** The same for text. */
const FOREIGN_TEXT: readonly Foreign[] = [
  [/^(ccopy_reg|cxgboost|\(dp|\(ixgboost|c__builtin__)/, 'a Python pickle', UNPICKLE],
  [/^[\s\S]{257}ustar/, 'a tar archive', UNPACK],
  [/^binf/, "XGBoost's removed binary format", RESAVE],
  [/^bs64/, "XGBoost's removed text-encoded binary format", RESAVE],
  [/^tree\r?\n/, "LightGBM's text format", 'Train the model with XGBoost, or serve it with LightGBM.'],
  [/^CBM1/, "CatBoost's format", 'Train the model with XGBoost, or serve it with CatBoost.'],
  [/^\s*booster\[0\]/, 'a text dump, which lacks what prediction needs', SAVE],
  [/^\s*\[/, 'a JSON array, perhaps a dump of an XGBoost model', SAVE],
  [/^version https:\/\/git-lfs/, 'a Git LFS pointer', 'Fetch the file: git lfs pull.'],
  [/^\s*</, 'XML or HTML', SAVE],
];

/** How many bytes of the start the patterns need. */
const START_BYTES = 512;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * @returns 'json' or 'ubjson'
 * @throws ClientError E_MODEL for anything else, telling how to convert it
 */
export function detectFormat(content: Uint8Array, file: string): 'json' | 'ubjson' {
  const start = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, START_BYTES)).toString(
    'latin1',
  );
  const text = start.startsWith(BYTE_ORDER_MARK) ? start.slice(BYTE_ORDER_MARK.length) : start;
  // After "{" UBJSON has the type of a length or a container header; JSON has a quote, a space or "}".
  if (/^N*\{[LiUIl$#N]/.test(text)) return 'ubjson';
  if (/^\s*\{/.test(text)) return 'json';
  const hex = Buffer.from(start, 'latin1').toString('hex');
  for (const [pattern, kind, advice] of FOREIGN_BYTES) if (pattern.test(hex)) throw notAModel(file, kind, advice);
  for (const [pattern, kind, advice] of FOREIGN_TEXT) if (pattern.test(text)) throw notAModel(file, kind, advice);
  if (content.length === 0) throw notAModel(file, 'an empty file', 'Copy the file again.');
  const kind = `a file that starts with the bytes ${hex.slice(0, 16)}`;
  throw notAModel(file, kind, `If it is XGBoost's removed binary format: ${RESAVE}`);
}

// --- internal ---

function notAModel(file: string, received: string, advice: string): ClientError {
  return new ClientError(
    'E_MODEL',
    `${file} must be an XGBoost model as JSON or UBJSON; received ${received}. ${advice}`,
  );
}
