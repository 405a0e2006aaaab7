/**
 * Distinguishes XGBoost's two current model formats from each other and from other files (a pickle, the
 * removed binary format, another library's model), for which the error says how to convert.
 */
import { ClientError, type FileKind, recognizeFile } from '@algo/contract';

/** How many bytes of a file are needed to recognize a model. */
export const START_BYTES = 65_536;

/** How XGBoost's JSON begins, a snapshot's configuration included; other programs name a learner too. */
const JSON_LEARNER =
  /"learner"\s*:\s*\{\s*"(attributes|feature_names|feature_types|generic_param|gradient_booster|learner_model_param|objective)"/;

/** Whether a file is a model of XGBoost in a current format, or means to be one, judging by its first bytes. */
export function looksLikeModel(start: Uint8Array): boolean {
  const format = formatOf(asText(start));
  if (format === undefined || isConfig(start)) return false;
  const bytes = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, START_BYTES));
  return format === 'json' ? JSON_LEARNER.test(bytes.toString('latin1')) : bytes.includes('learner');
}

/**
 * @param content the file, or `START_BYTES` of its start
 * @returns 'json' or 'ubjson'
 * @throws ClientError E_MODEL for anything else, with instructions to convert it
 */
export function detectFormat(content: Uint8Array, file: string): 'json' | 'ubjson' {
  const text = asText(content);
  const other = otherJson(content);
  if (other) throw notAModel(file, other.what, other.advice);
  const format = formatOf(text);
  if (format) return format;
  if (/^\s*\[/.test(text)) throw notAModel(file, 'a JSON array, perhaps a dump of an XGBoost model', SAVE);
  const known = recognizeFile(file, content);
  if (known?.kind === 'pickle') throw notAModel(file, known.what, adviceForPickle(content, file));
  if (known) throw notAModel(file, known.what, ADVICE[known.kind]?.(file) ?? SAVE);
  const bytes = Buffer.from(content.subarray(0, SHOWN_BYTES)).toString('hex');
  throw notAModel(
    file,
    `a file that starts with the bytes ${bytes}`,
    `XGBoost's removed binary format has no signature; if it is that: ${lowerFirst(RESAVE)}`,
  );
}

/** JSON or UBJSON that is known for something else than a model of XGBoost, whatever its file is called. */
export function otherJson(content: Uint8Array): { readonly what: string; readonly advice: string } | undefined {
  const format = formatOf(asText(content));
  if (format && isConfig(content)) {
    return { what: "a Booster's configuration (save_config), without its trees", advice: SAVE };
  }
  const start = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, START_BYTES)).toString(
    'latin1',
  );
  if (format === 'json' && TENSORFLOW_JS.test(start)) {
    return { what: 'a TensorFlow.js model', advice: 'The algorithm neural-network serves such models.' };
  }
  return JSON_DUMP.test(start)
    ? { what: 'a JSON dump of an XGBoost model, which is not enough for prediction', advice: SAVE }
    : undefined;
}

// --- internal ---

const TENSORFLOW_JS = /"(modelTopology|weightsManifest)"\s*:/;
/** The first tree's first node, as get_dump(dump_format="json") and dump_model write it. */
const JSON_DUMP = /^(\xef\xbb\xbf)?\s*\[\s*\{\s*"nodeid"\s*:/;
const SHOWN_BYTES = 8;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

const SAVE = 'Save the model itself with XGBoost: booster.save_model("model.json").';
const RESAVE =
  'Load it with XGBoost 1.0 to 3.0 (pip install "xgboost<3.1") and save it again: booster.load_model(path), then booster.save_model("model.json").';
const UNPACK = 'Unpack it first: the model is the file inside.';
const BY_NETWORK = 'The algorithm neural-network serves such models once they are converted to TensorFlow.js.';

const ADVICE: Partial<Record<FileKind, (file: string) => string>> = {
  empty: () => 'Copy the file again.',
  zlib: () => 'Load it with joblib and save it again: joblib.load(path).save_model("model.json").',
  gzip: (file) => `Unpack it first: ${unpacking(file)}.`,
  zip: () => UNPACK,
  compressed: () => UNPACK,
  tar: () => UNPACK,
  rds: (file) => `Save the model itself in R: xgb.save(readRDS("${file}"), "model.json").`,
  'xgboost-binary': () => RESAVE,
  'xgboost-base64': () => RESAVE,
  lightgbm: () => 'Train the model with XGBoost, or serve it with LightGBM.',
  catboost: () => 'Train the model with XGBoost, or serve it with CatBoost.',
  'git-lfs': () => 'Download the file: git lfs pull.',
  onnx: () => `Save the model that it was made from with XGBoost: booster.save_model("model.json"). ${BY_NETWORK}`,
  'saved-model': () => BY_NETWORK,
  keras: () => BY_NETWORK,
  hdf5: () => BY_NETWORK,
  tflite: () => BY_NETWORK,
  pytorch: () => BY_NETWORK,
};

/** The command for a gzip file, by its name. */
function unpacking(file: string): string {
  if (/\.(tar\.gz|tgz)$/i.test(file)) return `tar xzf ${file}`;
  return `gunzip ${/\.gz$/i.test(file) ? file : `< ${file} > model.json`}`;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** A pickle of XGBoost before 1.0 holds the binary format, which has no JSON to save; later ones hold JSON or UBJSON. */
function adviceForPickle(content: Uint8Array, file: string): string {
  const start = Buffer.from(content.buffer, content.byteOffset, content.length);
  if (/\.joblib$/i.test(file))
    return 'Load it with joblib and save it again: joblib.load(path).save_model("model.json").';
  if (start.includes('xgboost') && !start.includes('learner')) {
    return 'It is from an XGBoost version before 1.0, which cannot save JSON: with that version pickle.load(file).save_model("model.bin"), then with XGBoost 1.0 to 3.0 booster.load_model("model.bin") and booster.save_model("model.json").';
  }
  return 'Unpickle it with the XGBoost and Python that made it and save it again: pickle.load(file).save_model("model.json").';
}

/** Its keys are known, and no key of trees is among them. */
function isConfig(content: Uint8Array): boolean {
  const start = Buffer.from(content.buffer, content.byteOffset, content.length);
  return start.includes('learner_train_param') && !start.includes('Model') && !start.includes('split_conditions');
}

function asText(content: Uint8Array): string {
  const start = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 512)).toString('latin1');
  return start.startsWith(BYTE_ORDER_MARK) ? start.slice(BYTE_ORDER_MARK.length) : start;
}

/** After "{" UBJSON has the type of a length or a container header; JSON has a quote, a space or "}". */
function formatOf(text: string): 'json' | 'ubjson' | undefined {
  if (/^N*\{[LiUIl$#N]/.test(text)) return 'ubjson';
  return /^\s*\{/.test(text) ? 'json' : undefined;
}

function notAModel(file: string, received: string, advice: string): ClientError {
  return new ClientError(
    'E_MODEL',
    `${file} must be an XGBoost model as JSON or UBJSON; received ${received}. ${advice}`,
  );
}
