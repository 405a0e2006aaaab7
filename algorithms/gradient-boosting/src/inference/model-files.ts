/**
 * Which files of a model directory are XGBoost models: those that training here left, and those that real XGBoost or
 * its SageMaker container saved ("bring your own model"). Several are an ensemble, in the order of their names.
 */
import { type AdoptedModel, ClientError, type FileKind, type ImportedModel, recognizeFile } from '@algo/contract';
import { detectFormat, looksLikeModel, otherJson, readModel, START_BYTES, type XgboostModel } from '../model/index.js';

/** What training here calls its model; several, of cross-validation, get `-0`, `-1`, … */
export const MODEL_NAME = 'xgboost-model';
export const MODEL_EXTENSION = '.ubj';

/**
 * The container's own name, alone or numbered: if there are such files, they are the model, whatever other files there
 * are.
 */
const CONTAINER_MODEL = /^xgboost-model(-\d+)?(\.\w+)?$/;
/** Common names of models. A file with such a name that is not a model is reported. */
const NAMED_MODEL =
  /\.(ubj|ubjson|xgb|model|bst|bin|deprecated|pkl|pickle|joblib)$|^(.*[-_.])?(model|booster)([-_.].*)?$/i;

/** Files to choose from. */
type Candidates = Pick<ImportedModel, 'names' | 'readStart'>;

/** Model files in order: by number where they are numbered. */
export function inOrder(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
}

/**
 * The model files among many, in order: those of the container's name, else all that are models by their content, so
 * that an example, an encoder or a script next to them does not matter. Empty when nothing looks like a model.
 * @throws ClientError E_MODEL for a file that looks like a model of another format, with instructions to convert it
 */
export function modelFiles({ names, readStart }: Candidates): readonly string[] {
  const visible = names.filter((name) => !/(^|\/)\./.test(name));
  const byContainer = visible.filter((name) => CONTAINER_MODEL.test(baseName(name)));
  if (byContainer.length > 0) return inOrder(nearestTop(byContainer));
  const start = (name: string) => readStart(name, START_BYTES);
  const models = visible.filter((name) => looksLikeModel(start(name)));
  if (models.length > 0) return inOrder(nearestTop(models));
  const named = visible.filter((name) => NAMED_MODEL.test(baseName(name)));
  for (const name of named) detectFormat(start(name), name);
  refuseOther(visible, start);
  return inOrder(nearestTop(named)); // missing parts are reported when they are read
}

/** The shape of a directory that some XGBoost left, or undefined when no file looks like a model. */
export function adoptModel(model: ImportedModel): AdoptedModel | undefined {
  const files = modelFiles(model);
  const [first, ...others] = files.map((name) => readModel(model.read(name), name));
  if (!first) return undefined;
  requireEqualShapes(files, [first, ...others]);
  const { featureCount, featureNames } = first;
  return { files, featureCount, ...(featureNames && { featureNames }) };
}

/** @throws ClientError E_MODEL naming the first file that cannot be averaged with the first one */
export function requireEqualShapes(files: readonly string[], models: readonly XgboostModel[]): void {
  const shapes = models.map(({ objective, featureCount, groupCount }) =>
    [`objective ${objective}`, `${featureCount} features`, `${groupCount} outputs`].join(', '),
  );
  const index = shapes.findIndex((shape) => shape !== shapes[0]);
  if (index === -1) {
    requireEqualNames(files, models);
    return;
  }
  throw new ClientError(
    'E_MODEL',
    `${files[index]} must have the same objective, features and outputs as ${files[0]} (${shapes[0]}), so that both can be averaged; received ${shapes[index]}. Keep one model in the archive.`,
  );
}

// --- internal ---

/** Rows are put into the first model's order: the others must have the same. */
function requireEqualNames(files: readonly string[], models: readonly XgboostModel[]): void {
  const expected = models[0]!.featureNames;
  for (const [index, { featureNames }] of models.entries()) {
    const column = featureNames?.findIndex((name, at) => expected !== undefined && name !== expected[at]) ?? -1;
    if (column === -1) continue;
    throw new ClientError(
      'E_MODEL',
      `${files[index]} must have its features named in the order of ${files[0]}, so that both can be averaged: feature ${column + 1} must be "${expected![column]}"; received "${featureNames![column]}". Keep one model in the archive.`,
    );
  }
}

/** Files of any name whose content is a model of another program. */
function refuseOther(names: readonly string[], start: (name: string) => Buffer): void {
  for (const name of names) {
    const kind = recognizeFile(name, start(name))?.kind;
    if ((kind && MODEL_KINDS.includes(kind)) || otherJson(start(name))) detectFormat(start(name), name);
  }
}

/** Models of other programs, or of XGBoost in another form. Archives, text and web pages may be anything. */
const MODEL_KINDS: readonly FileKind[] = [
  'pickle',
  'rds',
  'xgboost-binary',
  'xgboost-base64',
  'lightgbm',
  'catboost',
  'text-dump',
  'onnx',
  'saved-model',
  'hdf5',
  'keras',
  'pytorch',
  'tflite',
  'pmml',
];

/** An archive may hold its files in a folder. */
function nearestTop(names: readonly string[]): readonly string[] {
  const depth = (name: string) => name.split('/').length;
  const least = names.reduce((smallest, name) => Math.min(smallest, depth(name)), Number.POSITIVE_INFINITY);
  return names.filter((name) => depth(name) === least);
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function numberOf(name: string): number {
  return Number(/-(\d+)(\.\w+)?$/.exec(name)?.[1] ?? -1);
}
