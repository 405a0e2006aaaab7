/**
 * Which files of a model directory are XGBoost models: those that training here left, and those that real XGBoost or
 * its SageMaker container saved ("bring your own model"). Several are an ensemble, in the order of their names.
 */
import type { AdoptedModel, ForeignModel } from '@algo/contract';
import { ClientError } from '@algo/contract';
import { readModel, type XgboostModel } from '../xgboost-model/index.js';

/** What training here calls its model; several, of cross-validation, get `-0`, `-1`, … */
export const MODEL_NAME = 'xgboost-model';
export const MODEL_EXTENSION = '.ubj';

/** A model in a file named by hand; anything else beside it (a script, a README, a schema) is left alone. */
const NAMED_MODEL = /\.(json|ubj|ubjson|xgb|model|bin|deprecated|pkl|pickle|joblib)$/i;
/** The container's own name, alone or numbered. */
const CONTAINER_MODEL = /^xgboost-model(-\d+)?(\.\w+)?$/;

/** The model files among `names`, in order: by number where they are numbered. */
export function modelFiles(names: readonly string[]): readonly string[] {
  const byContainer = names.filter((name) => CONTAINER_MODEL.test(name));
  const found = byContainer.length > 0 ? byContainer : names.filter((name) => NAMED_MODEL.test(name));
  return [...found].sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
}

/** The shape of a directory that some XGBoost left, or undefined when no file looks like a model. */
export function adoptModel({ names, read }: ForeignModel): AdoptedModel | undefined {
  const files = modelFiles(names);
  const [first, ...others] = files.map((name) => readModel(read(name), name));
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
  if (index === -1) return;
  throw new ClientError(
    'E_MODEL',
    `${files[index]} must have the same objective, features and outputs as ${files[0]} (${shapes[0]}), so that both can be averaged; received ${shapes[index]}. Keep one model in the archive.`,
  );
}

// --- internal ---

function numberOf(name: string): number {
  return Number(/-(\d+)(\.\w+)?$/.exec(name)?.[1] ?? -1);
}
