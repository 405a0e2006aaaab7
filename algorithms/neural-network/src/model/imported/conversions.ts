/**
 * Model formats that are not served: the error names each one and the commands that convert it to TensorFlow.js. The
 * commands were tested; `pip install tensorflow tf_keras tensorflowjs` has the tools of the first ones.
 */
import { ClientError, type FileKind, type ImportedModel, KIND_BYTES, recognizeFile } from '@algo/contract';

/**
 * @param folder where the files are in the archive, such as `1/`: a part of the commands
 * @throws ClientError E_MODEL when one of the files is a model of a known format
 */
export function refuseOtherFormats({ names, folder, read, readStart }: ImportedModel): void {
  const starts = new Map(names.map((name) => [name, readStart(name, KIND_BYTES)]));
  const kinds = new Map([...starts].map(([name, start]) => [name, recognizeFile(name, start)?.kind]));
  const texts = new Map([...starts].map(([name, start]) => [name, start.toString('latin1')]));
  for (const { pattern, kind, start, what, advice } of FORMATS) {
    const name =
      names.find((one) => pattern?.test(one)) ??
      names.find((one) => kind && kinds.get(one) === kind) ??
      names.find((one) => start?.test(texts.get(one) ?? ''));
    if (name === undefined) continue;
    throw new ClientError(
      'E_MODEL',
      `${name} must be a TensorFlow.js model (model.json and its weights); received ${what}. ${advice(folder + name, () => read(name))}`,
    );
  }
}

// --- internal ---

interface Format {
  /** Of a file's name. */
  readonly pattern?: RegExp;
  /** By its content, if that is conclusive. */
  readonly kind?: FileKind;
  /** Of its first bytes as Latin-1, for what only this algorithm asks about. */
  readonly start?: RegExp;
  readonly what: string;
  /** @param path in the archive */
  advice(path: string, read: () => Buffer): string;
}

const fromSavedModel = (folder: string) => `tensorflowjs_converter --input_format=tf_saved_model ${folder} converted`;
const fromKeras = (name: string) =>
  `python -c "import keras; keras.saving.load_model('${name}').export('saved_model')" && ${fromSavedModel('saved_model')}`;
const fromLegacyKeras = (name: string) =>
  `python -c "import tf_keras; tf_keras.models.load_model('${name}').export('saved_model')" && ${fromSavedModel('saved_model')}`;
const fromOnnx = (name: string) => `onnx2tf -i ${name} -o saved_model && ${fromSavedModel('saved_model')}`;
const convert = (command: string) => `Convert it: ${command}`;

/** The folder of a path, as a command of the model directory names it. */
const folderOf = (name: string) => name.split('/').slice(0, -1).join('/') || '.';

const FORMATS: readonly Format[] = [
  {
    pattern: /(^|\/)saved_model\.pb(txt)?$/,
    kind: 'saved-model',
    what: 'a SavedModel',
    advice: (name) => convert(fromSavedModel(folderOf(name))),
  },
  {
    pattern: /\.weights\.h5$/,
    what: 'the weights of a Keras model without its layers',
    advice: () => 'Save the whole model: model.export("saved_model")',
  },
  {
    pattern: /\.(h5|hdf5)$/,
    kind: 'hdf5',
    what: 'a Keras file',
    advice: (name, read) =>
      convert(isOfKeras3(read()) ? fromKeras(name) : `tensorflowjs_converter --input_format=keras ${name} converted`),
  },
  {
    pattern: /\.keras$/,
    kind: 'keras',
    what: 'a Keras file',
    advice: (name, read) => convert(isZipOfKeras2(read()) ? fromLegacyKeras(name) : fromKeras(name)),
  },
  { pattern: /\.onnx$/, kind: 'onnx', what: 'an ONNX model', advice: (name) => convert(fromOnnx(name)) },
  {
    pattern: /\.tflite$/,
    kind: 'tflite',
    what: 'a TensorFlow Lite model',
    advice: () => `Convert the model that it was made from: ${fromSavedModel('saved_model')}`,
  },
  {
    pattern: /\.(pt|pth)$/,
    kind: 'pytorch',
    what: 'a PyTorch file',
    advice: () => `Export it with torch.onnx.export, then: ${fromOnnx('model.onnx')}`,
  },
  {
    pattern: /(^|\/)(frozen_\w+|graph)\.pb$/,
    what: 'a frozen TensorFlow graph',
    advice: (name) =>
      convert(`tensorflowjs_converter --input_format=tf_frozen_model --output_node_names=NAMES ${name} converted`),
  },
  {
    pattern: /(^|\/)(checkpoint|.*\.ckpt.*|variables\.(index|data-.*))$/,
    what: "TensorFlow's variables without their graph",
    advice: () => 'Save the whole model: tf.saved_model.save(model, "saved_model")',
  },
  {
    pattern: /\.safetensors$/,
    what: 'weights (safetensors) without their layers',
    advice: () => `Export the model that they are of with torch.onnx.export, then: ${fromOnnx('model.onnx')}`,
  },
  {
    start: /^\s*\{[\s\S]{0,64}learner"?[\s:]*\{/,
    what: 'an XGBoost model',
    advice: () => 'The algorithm gradient-boosting serves such models.',
  },
  {
    start: /^\s*\{(?![\s\S]*"modelTopology")[\s\S]*"class_name"\s*:\s*"(Sequential|Functional|Model)"/,
    what: 'the layers of a Keras model (to_json) without their weights',
    advice: () => 'Save the whole model: model.export("saved_model")',
  },
  {
    kind: 'git-lfs',
    what: 'a Git LFS pointer instead of the file',
    advice: () => 'Download the files before packing them: git lfs pull',
  },
];

/** Keras 3 names the shape of an input otherwise; the settings are in the file as text. */
function isOfKeras3(content: Buffer): boolean {
  return content.includes('"batch_shape"') && !content.includes('"batch_input_shape"');
}

/** The archive's metadata.json is not compressed. */
function isZipOfKeras2(content: Buffer): boolean {
  return content.includes('"keras_version": "2.');
}
