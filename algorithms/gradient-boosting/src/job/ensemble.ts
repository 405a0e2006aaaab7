/** The result of a run as a model: trees, dart weights, base score and everything else in XGBoost's format. */

import type { Categories } from '@algo/contract';
import { type Ensemble, type FeatureType, regularIterationStart } from '../ensemble/tree.js';
import type { Settings } from '../hyperparameters/settings.js';
import { describeCategories } from '../model/categories.js';
import { type Objective, savedParameters } from '../objectives/index.js';
import type { RunState } from './rounds.js';

export interface EnsembleOptions {
  readonly settings: Settings;
  readonly objective: Objective;
  /** In the unit of predictions; one value, or one per group. */
  readonly baseScore: readonly number[];
  readonly featureCount: number;
  readonly featureNames: readonly string[] | undefined;
  readonly categories?: Categories | undefined;
  /** The model that training continued from. */
  readonly start: Ensemble | undefined;
}

/** @param rounds how many of the grown rounds to keep; default: all */
export function buildEnsemble(options: EnsembleOptions, state: RunState, rounds?: number): Ensemble {
  const { settings, objective, featureCount, featureNames, categories, start } = options;
  const { numParallelTree, dart } = settings;
  const treesPerRound = objective.groupCount * numParallelTree;
  const kept = rounds ?? state.boost.trees.length / treesPerRound;
  const trees = state.boost.trees.slice(0, kept * treesPerRound);
  const weights = (rounds === undefined ? undefined : state.best?.treeWeights) ?? state.boost.treeWeights;
  const grown: Ensemble = {
    booster: dart ? 'dart' : 'gbtree',
    objective: settings.objective,
    objectiveParameters: savedParameters(settings.objective, settings.parameters),
    ...(state.vectors && { objectiveVectors: asFloats(state.vectors) }),
    baseScore: options.baseScore,
    trees,
    treeGroup: Int32Array.from(trees, (_, index) => Math.floor((index % treesPerRound) / numParallelTree)),
    groupCount: objective.groupCount,
    // XGBoost counts the levels of quantiles and expectiles as targets, classes not.
    targetCount: objective.task === 'multi-class' ? 1 : objective.groupCount,
    classCount: settings.parameters.classCount,
    ...(weights && { weightDrop: Float32Array.from(weights.slice(0, trees.length)) }),
    numParallelTree,
    iterationStart: regularIterationStart(kept, treesPerRound),
    featureCount,
    ...(featureNames && { featureNames }),
    ...featureTypes(settings, featureCount),
    ...(categories &&
      isNamed(trees, categories.features) && { categoryNames: describeCategories(categories.features) }),
    attributes: bestAttributes(state, start),
  };
  return start ? append(start, grown) : grown;
}

// --- internal ---

function asFloats(vectors: Readonly<Record<string, Float64Array>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(vectors).map(([name, vector]) => [name, Float32Array.from(vector)]));
}

function featureTypes({ categoricalFeatures }: Settings, featureCount: number) {
  if (!categoricalFeatures) return {};
  const typeOf = (feature: number): FeatureType => (categoricalFeatures.includes(feature) ? 'c' : 'float');
  return { featureTypes: Array.from({ length: featureCount }, (_, feature) => typeOf(feature)) };
}

/** Whether each category of a split has a name: one that a later job met first, a category of its own, has none. */
function isNamed(trees: Ensemble['trees'], names: Categories['features']): boolean {
  return trees.every(({ nodeCount, feature, categories }) => {
    for (let node = 0; categories && node < nodeCount; node++) {
      const end = categories.start[node + 1]!;
      if (end === categories.start[node]) continue;
      const own = names[feature[node]!];
      if (own && categories.values[end - 1]! >= own.length) return false;
    }
    return true;
  });
}

/** As XGBoost's early stopping leaves them: rounds count over the whole model. */
function bestAttributes({ best }: RunState, start: Ensemble | undefined): Record<string, string> {
  if (!best) return {};
  const before = start ? start.iterationStart.length - 1 : 0;
  return { best_iteration: String(before + best.round), best_score: String(best.value) };
}

/** The trees of `start`, then those of `grown`; what else differs is that of `grown`. */
function append(start: Ensemble, grown: Ensemble): Ensemble {
  const offset = start.trees.length;
  const iterationStart = [...start.iterationStart, ...[...grown.iterationStart.slice(1)].map((at) => at + offset)];
  return {
    ...grown,
    baseScore: start.baseScore,
    trees: [...start.trees, ...grown.trees],
    treeGroup: Int32Array.from([...start.treeGroup, ...grown.treeGroup]),
    iterationStart: Int32Array.from(iterationStart),
  };
}
