/**
 * Serving: a model archive becomes one function from rows to outputs. Several models of an archive (cross-validation)
 * answer together: means of numbers, votes for classes.
 */
import {
  type AvailableOutputs,
  allClasses,
  ClientError,
  type LoadContext,
  largestIndex,
  namedClasses,
  type Predictions,
  servingThreads,
} from '@algo/contract';
import { isLinear, readModel, type XgboostModel } from '../model/index.js';
import type { ObjectiveResponse } from '../objectives/response.js';
import { compileMember, type Member } from './archived-model.js';
import { mean, vote } from './average.js';
import { predictedLabels, probabilities, rawScores } from './classes.js';
import { inOrder, requireEqualShapes } from './model-files.js';
import { objectiveOf } from './objective-of.js';
import { isClassification, type OutputName, outputsOf, TREES_ONLY } from './outputs.js';

/** A loaded archive. */
export interface ServedModel {
  readonly objective: ObjectiveResponse;
  readonly featureCount: number;
  /** Whether a member is linear (booster gblinear). */
  readonly isLinear: boolean;
  /** Whether a member has a tree. */
  readonly hasTrees: boolean;
  readonly members: readonly Member[];
  /** Steps that a row's score takes at most, over all members. */
  readonly rowSteps: number;
  /** Names of the classes; undefined where they are numbers. */
  readonly classNames: readonly string[] | undefined;
}

/** Steps through trees that take about a millisecond, cache misses included. */
const BOUNDED_STEPS = 100_000;
/** Outputs that cost a multiple of the score. */
const DEAR_OUTPUTS: ReadonlySet<string> = new Set(['leaves', 'contributions', 'interactions']);

/** Values that one answer may have: 2^26 float32 are 256 MiB, and their text four times that. */
const MAX_VALUES = 2 ** 26;

/**
 * Processes share the processors: with fewer of them, each predicts with several threads.
 * @throws ClientError E_MODEL for files that are no models of one shape
 */
export function loadModel({ artifact, environment, log }: LoadContext): ServedModel {
  const warn = (line: string) => log.info(line);
  const threads = servingThreads(environment.serving);
  const files = inOrder(artifact.names);
  const models = files.map((name) => readModel(artifact.read(name), name));
  const [first] = models;
  if (!first) throw new ClientError('E_MODEL', 'The model directory must contain an XGBoost model, but has none.');
  requireEqualShapes(files, models);
  const objective = objectiveOf(first);
  return {
    objective,
    featureCount: first.featureCount,
    isLinear: models.some(isLinear),
    hasTrees: models.some(hasTrees),
    members: models.map((model) => compileMember(model, threads, warn)),
    rowSteps: models.reduce((sum, model) => sum + rowSteps(model), 0),
    classNames: artifact.categories?.labels[0],
  };
}

/** Ends the threads of the predictions. */
export function closeModel({ members }: ServedModel): void {
  for (const member of members) member.close();
}

/** Maximum number of rows that are predicted in about a millisecond, whatever their values. */
export function boundedRows(
  { rowSteps }: ServedModel,
  { outputs }: { readonly outputs: readonly string[] | undefined },
): number {
  return outputs?.some((name) => DEAR_OUTPUTS.has(name)) ? 0 : Math.floor(BOUNDED_STEPS / rowSteps);
}

/** The outputs that the model has. */
export function availableOutputs({ objective, isLinear, hasTrees }: ServedModel): AvailableOutputs {
  const lacking = isLinear ? TREES_ONLY : hasTrees ? [] : ['leaves'];
  const names = outputsOf(objective).filter((name) => !lacking.includes(name));
  const kind = isLinear ? ' of booster gblinear' : hasTrees ? '' : ' without a tree';
  return { names, of: `objective "${objective.name}"${kind}` };
}

/**
 * @param rows [rows × features] float32, row-major; NaN is missing
 * @param asked outputs among `availableOutputs`; undefined: the score
 * @throws ClientError E_REQUEST_OUTPUT for too large an answer
 */
export function predictRows(model: ServedModel, rows: Float32Array, asked?: readonly string[]): Predictions {
  const names =
    asked === undefined ? (['score'] as const) : outputsOf(model.objective).filter((name) => asked.includes(name));
  const rowCount = rows.length / model.featureCount;
  let margins: readonly Float32Array[] | undefined;
  const marginsOf = () => {
    margins ??= model.members.map((member) => member.margins(rows));
    return margins;
  };
  return Object.fromEntries(names.map((name) => [name, column(name, model, rows, rowCount, marginsOf)]));
}

// --- internal ---

/** A tree of n nodes has a path of at most (n + 1) / 2 of them. */
function rowSteps(model: XgboostModel): number {
  if (isLinear(model)) return model.weights.length;
  return model.trees.reduce((sum, { nodeCount }) => sum + (nodeCount + 1) / 2, model.groupCount);
}

function column(
  name: OutputName,
  { objective, featureCount, members, classNames }: ServedModel,
  rows: Float32Array,
  rowCount: number,
  marginsOf: () => readonly Float32Array[],
): Predictions[string] {
  const wide = (values: Float32Array | Int32Array) => ({ values, width: values.length / rowCount });
  const explained = objective.groupCount * (featureCount + 1);
  switch (name) {
    case 'score':
    case 'predicted_score':
      if (classNames && predictsClass(objective)) return namedClasses(labels(objective, marginsOf()), classNames);
      return wide(scores(objective, marginsOf()));
    case 'predicted_label':
      return namedClasses(labels(objective, marginsOf()), classNames);
    case 'labels':
      return allClasses(rowCount, objective.task === 'binary' ? 2 : objective.groupCount, classNames);
    case 'probability':
      return ofPredicted(probabilities, objective, marginsOf());
    case 'probabilities':
      return wide(mean(marginsOf().map((margins) => probabilities(objective, margins).scores)));
    case 'raw_score':
      return ofPredicted(rawScores, objective, marginsOf());
    case 'raw_scores':
      return wide(mean(marginsOf().map((margins) => rawScores(objective, margins).scores)));
    case 'leaves':
      return wide(
        joinRows(
          members.map((member) => member.leaves(rows)),
          rowCount,
        ),
      );
    case 'contributions':
      requireFitting(name, rowCount * explained);
      return wide(mean(members.map((member) => member.contributions(rows))));
    case 'interactions':
      requireFitting(name, rowCount * explained * (featureCount + 1));
      return wide(mean(members.map((member) => member.interactions(rows))));
  }
}

/** An objective that predicts a class votes; all others are averaged after the link, not before. */
function scores(objective: ObjectiveResponse, margins: readonly Float32Array[]): Float32Array | Int32Array {
  if (predictsClass(objective) && margins.length > 1) return labels(objective, margins);
  return mean(margins.map((one) => objective.transform(one)));
}

/** The vote where the objective predicts a class, else the class that the mean raw scores speak for. @returns [rows] */
function labels(objective: ObjectiveResponse, margins: readonly Float32Array[]): Int32Array {
  if (predictsClass(objective) || margins.length === 1) {
    return vote(margins.map((one) => predictedLabels(objective, one)));
  }
  const members = margins.map((one) => rawScores(objective, one));
  const { classCount } = members[0]!;
  const averaged = mean(members.map((member) => member.scores));
  return Int32Array.from({ length: averaged.length / classCount }, (_, row) =>
    largestIndex(averaged, row * classCount, classCount),
  );
}

function hasTrees(model: XgboostModel): boolean {
  return !isLinear(model) && model.trees.length > 0;
}

function predictsClass(objective: ObjectiveResponse): boolean {
  return isClassification(objective) && (objective.predictsClass ?? false);
}

/** Class 1's score of two classes, the largest of more. @returns [rows] */
function ofPredicted(
  scoresOf: typeof rawScores,
  objective: ObjectiveResponse,
  margins: readonly Float32Array[],
): Float32Array {
  const members = margins.map((one) => scoresOf(objective, one));
  const { classCount } = members[0]!;
  const averaged = mean(members.map((member) => member.scores));
  return Float32Array.from({ length: averaged.length / classCount }, (_, row) => {
    const start = row * classCount;
    const chosen = objective.task === 'binary' ? 1 : largestIndex(averaged, start, classCount);
    return averaged[start + chosen]!;
  });
}

/** Rows of all arrays side by side. */
function joinRows(parts: readonly Int32Array[], rowCount: number): Int32Array {
  if (parts.length === 1) return parts[0]!;
  const width = parts.reduce((sum, part) => sum + part.length, 0) / rowCount;
  const joined = new Int32Array(rowCount * width);
  let offset = 0;
  for (const part of parts) {
    const own = part.length / rowCount;
    for (let row = 0; row < rowCount; row++)
      joined.set(part.subarray(row * own, (row + 1) * own), row * width + offset);
    offset += own;
  }
  return joined;
}

function requireFitting(name: OutputName, values: number): void {
  if (values <= MAX_VALUES) return;
  throw new ClientError(
    'E_REQUEST_OUTPUT',
    `An answer must have at most ${MAX_VALUES} values; output "${name}" of this request has ${values}. Send fewer rows, or request another output if a single row has that many.`,
  );
}
