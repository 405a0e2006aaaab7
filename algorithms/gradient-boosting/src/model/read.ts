/**
 * Reads a model that XGBoost (1.0 or newer) saved with `save_model` or `save_raw`, as JSON or UBJSON. Everything is
 * checked on the way in, so that prediction needs no checks; what is wrong is reported with its place in the file.
 * Schema: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
 */
import { ClientError } from '@algo/contract';
import { type Ensemble, type FeatureType, MAX_FEATURES, regularIterationStart } from '../ensemble/tree.js';
import { OBJECTIVE_NAMES } from '../objectives/response.js';
import { withoutBaseRound } from './base-score.js';
import { detectFormat } from './format.js';
import { parseJson } from './json.js';
import type { Learner, LinearModel, XgboostModel } from './linear.js';
import {
  asFloats,
  asInteger,
  asIntegers,
  asText,
  contentsOf,
  elements,
  entries,
  field,
  optionalField,
  type Place,
  refuse,
} from './model-cursor.js';
import { olderParameters } from './objective-parameters.js';
import { readTrees } from './read-tree.js';
import { parseUbjson } from './ubjson.js';

const MAX_INT32 = 2147483647;
/** Of XGBoost's own entries; deeper ones overflow the stack of whoever walks them. */
const MAX_CATEGORY_NAMES_DEPTH = 64;
/** More margins per row than any model has: a damaged count shall not reserve memory. */
const MAX_GROUPS = 1_000_000;
const FEATURE_TYPES: readonly FeatureType[] = ['q', 'i', 'int', 'float', 'indicator', 'c'];

/**
 * @param content the bytes of the file
 * @param file    its name, for messages
 * @throws ClientError E_MODEL when it is no such model (with instructions to convert it), or damaged (naming the place)
 */
export function readModel(content: Uint8Array, file = 'model'): XgboostModel {
  const value = detectFormat(content, file) === 'json' ? parseJson(content, file) : parseUbjson(content, file);
  const top: Place = { value, file, path: '' };
  // Booster.serialize() and Python's pickle wrap the model together with the training configuration.
  const snapshot = optionalField(top, 'Model');
  const model = snapshot ?? top;
  return readLearner(optionalField(model, 'learner') ?? refuseOther(model));
}

/** As `readModel`, for a caller that needs trees. @throws ClientError E_MODEL also for a linear model */
export function readEnsemble(content: Uint8Array, file = 'model'): Ensemble {
  const model = readModel(content, file);
  if (model.booster !== 'gblinear') return model;
  throw new ClientError('E_MODEL', `${file} must be a model of trees; received booster "gblinear".`);
}

// --- internal ---

function refuseOther(model: Place): never {
  throw new ClientError(
    'E_MODEL',
    `${model.file}: this is not an XGBoost model: it has no "learner"; ${contentsOf(model)}.`,
  );
}

function readLearner(learner: Place): XgboostModel {
  const common = readCommon(learner);
  const booster = field(learner, 'gradient_booster');
  const name = asText(field(booster, 'name'));
  switch (name) {
    case 'gblinear':
      return readLinear(field(booster, 'model'), common);
    case 'gbtree':
      return withoutBaseRound(readEnsembleOf(booster, booster, common));
    case 'dart':
      return withoutBaseRound(readEnsembleOf(field(booster, 'gbtree'), booster, common));
    default:
      return refuse(field(booster, 'name'), 'be "gbtree", "dart" or "gblinear"');
  }
}

function readCommon(learner: Place): Learner {
  const parameters = field(learner, 'learner_model_param');
  const classCount = asInteger(field(parameters, 'num_class'), 0, MAX_GROUPS);
  const targets = optionalField(parameters, 'num_target');
  const targetCount = Math.max(1, targets ? asInteger(targets, 0, MAX_GROUPS) : 1);
  const groupCount = Math.max(classCount, targetCount);
  const featureCount = asInteger(field(parameters, 'num_feature'), 1, MAX_FEATURES);
  const names = readNames(learner, 'feature_names', featureCount);
  const types = readNames(learner, 'feature_types', featureCount);
  const attributes = optionalField(learner, 'attributes');
  return {
    ...readObjective(field(learner, 'objective')),
    baseScore: readBaseScore(field(parameters, 'base_score'), groupCount),
    classCount,
    targetCount,
    groupCount,
    featureCount,
    ...(names && { featureNames: names.map(asText) }),
    ...(types && { featureTypes: types.map(asFeatureType) }),
    attributes: Object.fromEntries(attributes ? entries(attributes).map(([key, place]) => [key, asText(place)]) : []),
  };
}

type ObjectiveFields = Pick<Learner, 'objective' | 'objectiveParameters' | 'objectiveVectors'>;

function readObjective(place: Place): ObjectiveFields {
  const name = field(place, 'name');
  const objective = asText(name);
  if (!OBJECTIVE_NAMES.some((known) => known === objective)) refuse(name, `be one of ${OBJECTIVE_NAMES.join(', ')}`);
  const parameters: Record<string, string> = {};
  const vectors: Record<string, Float32Array> = {};
  for (const [key, entry] of entries(place)) {
    if (key === 'name' || Object.hasOwn(olderParameters(objective), key)) continue;
    if (Array.isArray(entry.value) || ArrayBuffer.isView(entry.value)) {
      vectors[key] = asFloats(entry);
    } else {
      for (const [parameter, value] of entries(entry)) parameters[parameter] = asText(value);
    }
  }
  const hasVectors = Object.keys(vectors).length > 0;
  return { objective, objectiveParameters: parameters, ...(hasVectors && { objectiveVectors: vectors }) };
}

/** `"5E-1"` before XGBoost 3.1, `"[5E-1]"` or one value per group since. */
function readBaseScore(place: Place, groupCount: number): number[] {
  const text = asText(place).trim();
  const inner = /^[[(].*[\])]$/.test(text) ? text.slice(1, -1) : text;
  const scores = inner.split(',').map((part) => (part.trim() === '' ? Number.NaN : Math.fround(Number(part))));
  if (!scores.every(Number.isFinite)) refuse(place, 'be a finite number or a list of them');
  if (scores.length !== 1 && scores.length !== groupCount) refuse(place, `have 1 or ${groupCount} values`);
  return scores;
}

function readNames(learner: Place, key: string, featureCount: number): Place[] | undefined {
  const place = optionalField(learner, key);
  const names = place ? elements(place) : [];
  if (place && names.length > 0 && names.length !== featureCount) refuse(place, `have ${featureCount} entries or none`);
  return names.length > 0 ? names : undefined;
}

function asFeatureType(place: Place): FeatureType {
  const text = asText(place);
  // A newer XGBoost may mark a categorical feature with more detail, as in "c(3)".
  const type = FEATURE_TYPES.find((known) => text === known || (known === 'c' && text.startsWith('c(')));
  return type ?? refuse(place, `be one of ${FEATURE_TYPES.join(', ')}`);
}

function readLinear(model: Place, common: Learner): LinearModel {
  const rounds = optionalField(model, 'boosted_rounds');
  return {
    ...common,
    booster: 'gblinear',
    weights: asFloats(field(model, 'weights'), (common.featureCount + 1) * common.groupCount),
    rounds: rounds ? asInteger(rounds, 0, MAX_INT32) : 0,
  };
}

/** @param holder where `weight_drop` was before XGBoost 3.4: next to the trees' booster, not in its model */
function readEnsembleOf(booster: Place, holder: Place, common: Learner): Ensemble {
  const model = field(booster, 'model');
  const parameters = field(model, 'gbtree_model_param');
  // Missing before XGBoost 1.4: a forest's rounds are unknown then, and its trees count as one round each.
  const parallel = optionalField(parameters, 'num_parallel_tree');
  const numParallelTree = Math.max(1, parallel ? asInteger(parallel, 0, MAX_INT32) : 1);
  const treesPlace = field(model, 'trees');
  const perPlace = elements(treesPlace).map((place) => readTrees(place, common));
  const count = perPlace.length;
  const declared = asInteger(field(parameters, 'num_trees'), 0, MAX_INT32);
  if (declared !== count) refuse(treesPlace, `have ${declared} entries, as gbtree_model_param.num_trees says`);
  // All trees of a vector-leaf model have one leaf value per group.
  const width = perPlace[0]?.length ?? 1;
  if (!perPlace.every((trees) => trees.length === width) || (width > 1 && width !== common.groupCount)) {
    refuse(treesPlace, `contain trees with 1 value per leaf, or all with ${common.groupCount}`);
  }
  const info = asIntegers(field(model, 'tree_info'), 0, common.groupCount - 1, count);
  const weightPlace = optionalField(model, 'weight_drop') ?? optionalField(holder, 'weight_drop');
  const weights = weightPlace ? readWeights(weightPlace, count) : undefined;
  const names = optionalField(model, 'cats');
  return {
    ...common,
    booster: weights ? 'dart' : 'gbtree',
    trees: perPlace.flat(),
    treeGroup: width === 1 ? info : Int32Array.from({ length: count * width }, (_, tree) => tree % width),
    ...(weights && { weightDrop: repeat(weights, width) }),
    numParallelTree,
    ...(width > 1 && { leafSize: width }),
    iterationStart: readIterations(model, numParallelTree, info, count).map((start) => start * width),
    ...(names && hasCategoryNames(names) && { categoryNames: withPlainArrays(names, names.value) }),
  };
}

/** Trees without a weight of their own have weight 1. */
function readWeights(place: Place, count: number): Float32Array {
  const given = asFloats(place);
  if (given.length > count) refuse(place, `have at most ${count} entries`);
  const weights = new Float32Array(count).fill(1);
  weights.set(given);
  return weights;
}

function readIterations(model: Place, numParallelTree: number, treeGroup: Int32Array, count: number): Int32Array {
  const place = optionalField(model, 'iteration_indptr');
  if (!place) {
    const groups = treeGroup.reduce((most, group) => Math.max(most, group + 1), 1);
    const step = groups * numParallelTree;
    if (count % step !== 0) refuse(field(model, 'trees'), `have a multiple of ${step} entries`);
    return regularIterationStart(count / step, step);
  }
  const starts = asIntegers(place, 0, count);
  const isAscending = starts.every((start, round) => round === 0 || start >= starts[round - 1]!);
  if (starts[0] !== 0 || starts.at(-1) !== count || !isAscending) {
    refuse({ ...place, value: starts.join(', ') }, `ascend from 0 to the number of trees, ${count}`);
  }
  return starts;
}

function repeat(weights: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: weights.length * width }, (_, tree) => weights[Math.floor(tree / width)]!);
}

/** The same from UBJSON as from JSON. */
function withPlainArrays(place: Place, value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_CATEGORY_NAMES_DEPTH) {
    refuse({ ...place, value }, `be nested at most ${MAX_CATEGORY_NAMES_DEPTH} levels deep`);
  }
  if (Array.isArray(value)) return value.map((entry) => withPlainArrays(place, entry, depth + 1));
  if (ArrayBuffer.isView(value)) return Object.values(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, withPlainArrays(place, entry, depth + 1)]),
  );
}

function hasCategoryNames(place: Place): boolean {
  const encoding = optionalField(place, 'enc');
  return encoding !== undefined && elements(encoding).length > 0;
}
