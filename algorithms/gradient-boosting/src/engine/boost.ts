/**
 * Boosting: rounds of trees on the gradients of the margins so far. A round grows `numParallelTree` trees for each group
 * of margins. The state of a run is its trees, the dart weights and the random state; a run that resumes from these
 * ends with the same model, byte for byte, as one that was never interrupted.
 */

import { createRandom, type RandomState, resumeRandom } from '@algo/numerics';
import * as Layout from '../../assembly/layout.js';
import * as Records from '../../assembly/records.js';
import type { Tree } from '../ensemble/tree.js';
import type { GradientSource, KernelLoss } from '../objectives/objective.js';
import type { Dataset } from './binning/dataset.js';
import { chooseDropped, type DartParameters, normalizeWeights } from './dart.js';
import { createGrower } from './growing/grower.js';
import type { Largest } from './growing/limbs.js';
import { configureSampling } from './growing/sampling.js';
import { tasksBetweenLooks, withLooks } from './interruption.js';
import { createMarginCache, type MarginCache } from './margins.js';
import { largestOfHosts } from './team.js';
import { fillRanges } from './threads/task-ranges.js';
import type { TreeParameters } from './tree-parameters.js';

export interface BoostOptions {
  readonly train: Dataset;
  /** Data to follow the margins of. */
  readonly evaluations?: readonly { readonly dataset: Dataset; readonly initialMargins: Float32Array }[];
  /** Margins per row, ≥ 1. */
  readonly groups: number;
  /** The loss over the training rows: one of the kernel's own, or any. */
  readonly gradients: KernelLoss | GradientSource;
  /** [groups] or [rows × groups] margins before the first tree. */
  readonly initialMargins: Float32Array;
  readonly tree: TreeParameters;
  /** Rounds in all, those of `resume` counted. */
  readonly rounds: number;
  /** Default 1. */
  readonly numParallelTree?: number;
  readonly dart?: DartParameters;
  /** Integer. */
  readonly seed: number;
  readonly resume?: BoostState;
}

/** All that a later run needs to resume. */
export interface BoostState {
  /** Trees in the order of growth: round, group, parallel tree. */
  readonly trees: readonly Tree[];
  /** [trees] dart weights. */
  readonly treeWeights?: readonly number[];
  readonly random: RandomState;
}

/** A finished round. Arrays are live views: the next round changes them. */
export interface Round {
  /** From 0. */
  readonly index: number;
  /** The round's trees: parallel trees of group 0, of group 1, … */
  readonly trees: readonly Tree[];
  /** [trees so far] weights; only with dart. */
  readonly treeWeights: readonly number[] | undefined;
  /** [rows × groups] margins of the training rows. */
  readonly trainMargins: Float32Array;
  /** The same of each evaluation dataset. */
  readonly evaluationMargins: readonly Float32Array[];
  /** The run up to here. */
  state(): BoostState;
}

const LOSSES = {
  'squared-error': Layout.LOSS_SQUARED_ERROR,
  logistic: Layout.LOSS_LOGISTIC,
  softmax: Layout.LOSS_SOFTMAX,
} as const;
/** |g| ÷ h of a row at least: 1 ÷ max(p, 1 − p), or half of it; where XGBoost's floor holds h up, h·|margin| is larger. */
const LEAST_STEPS = { 'squared-error': 0, logistic: 0.5, softmax: 0.5 } as const;
/** Rows of a task of gradients; a multiple of a vector's lanes. */
const TASK_ROWS = 4096;
/** What a gradient costs, in updates of a histogram. */
const UNITS_OF_GRADIENT = 8;

/**
 * Grows the rounds one by one, as they are asked for: the caller may report, save or stop between any two.
 * Memory of the pool allocated here stays taken; release it by a mark set before.
 */
export function* boost(options: BoostOptions): Generator<Round, void, undefined> {
  const { train, groups, tree: parameters, dart, numParallelTree = 1 } = options;
  const { hosts } = train.team;
  const { arena } = train.pool;
  const random = options.resume ? resumeRandom(options.resume.random) : createRandom(options.seed);
  const caches = {
    train: createMarginCache(train, groups, options.initialMargins),
    evaluations: (options.evaluations ?? []).map((e) => createMarginCache(e.dataset, groups, e.initialMargins)),
  };
  const fitted = dart ? createMarginCache(train, groups, options.initialMargins) : caches.train;
  const raw = arena.allocate(train.rows * groups * 8, 'gradients');
  const computeGradients = createGradients(options, fitted, raw);
  const grower = createGrower(train, parameters);
  const trees = [...(options.resume?.trees ?? [])];
  const treesPerRound = groups * numParallelTree;
  const groupOf = (tree: number) => Math.floor((tree % treesPerRound) / numParallelTree);
  let weights: number[] | undefined = dart ? [...(options.resume?.treeWeights ?? trees.map(() => 1))] : undefined;
  for (const cache of [caches.train, ...caches.evaluations]) {
    for (const [index, tree] of trees.entries()) cache.add(tree, groupOf(index), weights?.[index]);
  }

  for (let index = trees.length / treesPerRound; index < options.rounds; index++) {
    const dropped = dart && weights ? chooseDropped(weights, dart, random) : [];
    if (fitted !== caches.train) leaveOut(fitted, caches.train, dropped);
    const maxima = computeGradients(index);
    const grown: Tree[] = [];
    for (let group = 0; group < groups; group++) {
      for (let parallel = 0; parallel < numParallelTree; parallel++) grown.push(growTree(group, maxima[group]!));
    }
    for (const tree of grown) trees.push(tree);
    addRound(grown, dropped);
    const state = random.state();
    const done = trees.length;
    const treeWeights = weights;
    yield {
      index,
      trees: grown,
      treeWeights,
      trainMargins: caches.train.values,
      evaluationMargins: caches.evaluations.map(({ values }) => values),
      state: () => ({ trees: trees.slice(0, done), ...(treeWeights ? { treeWeights } : {}), random: state }),
    };
  }

  function growTree(group: number, largest: Largest): Tree {
    train.pool.set(Layout.RAW_GRADIENTS, raw);
    train.pool.set(Layout.GROUPS, groups);
    train.pool.set(Layout.GROUP, group);
    train.pool.set(Layout.PREPARED_MARGINS, fitted.address);
    const values = new Float32Array(arena.memory.buffer, raw, train.rows * groups * 2);
    const gradients = { values, rows: train.rows, groups, group };
    const all = { hosts, rows: train.shared.all };
    const bounds = configureSampling(train.pool, parameters, random, gradients, all);
    return grower.grow({
      random,
      eta: Math.fround(Math.fround(parameters.eta) / numParallelTree),
      maxima: {
        gradient: Math.max(largest.gradient, bounds.gradient),
        hessian: Math.max(largest.hessian, bounds.hessian),
        leastStep: 'kind' in options.gradients ? LEAST_STEPS[options.gradients.kind] : 0,
      },
      ...(dart ? {} : { margins: { address: caches.train.address, groups, group } }),
    });
  }

  /** Brings the margins up to date; the growth of a tree has done so for the training data already, but for dart. */
  function addRound(grown: readonly Tree[], dropped: readonly number[]): void {
    const all = dart ? [caches.train, ...caches.evaluations] : caches.evaluations;
    if (dart && weights) {
      weights = normalizeWeights(weights, dropped, grown.length, parameters.eta, dart.normalizeType);
    }
    const first = trees.length - grown.length;
    for (const cache of all) {
      if (dropped.length > 0) cache.reset();
      for (let tree = dropped.length > 0 ? 0 : first; tree < trees.length; tree++) {
        cache.add(trees[tree]!, groupOf(tree), weights?.[tree]);
      }
    }
  }

  /** Margins of all trees but the dropped ones, added up in the order of the trees. */
  function leaveOut(target: MarginCache, full: MarginCache, dropped: readonly number[]): void {
    if (dropped.length === 0) {
      target.values.set(full.values);
      return;
    }
    const left = new Set(dropped);
    target.reset();
    for (const [index, tree] of trees.entries()) {
      if (!left.has(index)) target.add(tree, groupOf(index), weights?.[index]);
    }
  }
}

// --- internal ---

/** Whether one grid suits the gradients of all groups: those of targets or quantiles may differ by any factor. */
function hasAlikeGroups({ groups, gradients }: BoostOptions): boolean {
  return groups === 1 || ('kind' in gradients && gradients.kind === 'softmax');
}

/** @param values [rows × groups × 2] */
function largestOfGroup(values: Float32Array, groups: number, group: number): Largest {
  let gradient = 0;
  let hessian = 0;
  for (let index = 2 * group; index < values.length; index += 2 * groups) {
    gradient = Math.max(gradient, Math.abs(values[index]!));
    hessian = Math.max(hessian, Math.abs(values[index + 1]!));
  }
  return { gradient, hessian };
}

/** A function that fills the raw gradients of a round and returns their largest magnitudes on all hosts, by group. */
function createGradients(options: BoostOptions, margins: MarginCache, raw: number) {
  const { train, groups, gradients } = options;
  const { pool } = train;
  const tasks = pool.arena.allocate(Math.ceil(train.rows / TASK_ROWS) * Records.RANGE_BYTES, 'task lists');
  const maxima = pool.arena.allocate(pool.threads * 16, 'largest gradients');
  const out = new Float32Array(pool.arena.memory.buffer, raw, train.rows * groups * 2);
  return (round: number): readonly Largest[] => {
    const isGiven = 'computeGradients' in gradients;
    if (isGiven) withLooks(pool.look, () => gradients.computeGradients(margins.values, out, round));
    pool.set(Layout.LOSS, isGiven ? Layout.LOSS_GIVEN : LOSSES[gradients.kind]);
    pool.setReal(Layout.SCALE_POSITIVE, isGiven ? 1 : (gradients.scalePositive ?? 1));
    pool.set(Layout.RAW_GRADIENTS, raw);
    pool.set(Layout.GROUPS, groups);
    pool.set(Layout.MARGINS, margins.address);
    pool.set(Layout.LABELS, train.labels.byteOffset);
    pool.set(Layout.WEIGHTS, train.weights?.byteOffset ?? 0);
    pool.set(Layout.MAXIMA, maxima);
    const doubles = pool.doubles();
    doubles.fill(0, maxima >> 3, (maxima >> 3) + 2 * pool.threads);
    const count = fillRanges(pool, tasks, train.rows, TASK_ROWS);
    const units = train.rows * groups * UNITS_OF_GRADIENT;
    pool.runInSlices(Layout.GRADIENTS, count, tasks, {
      taskBytes: Records.RANGE_BYTES,
      tasks: tasksBetweenLooks(count, units, pool.threads),
    });
    let gradient = 0;
    let hessian = 0;
    for (let thread = 0; thread < pool.threads; thread++) {
      gradient = Math.max(gradient, doubles[(maxima >> 3) + 2 * thread]!);
      hessian = Math.max(hessian, doubles[(maxima >> 3) + 2 * thread + 1]!);
    }
    const own = hasAlikeGroups(options)
      ? [{ gradient, hessian }]
      : Array.from({ length: groups }, (_, group) => largestOfGroup(out, groups, group));
    const largest = largestOfHosts(
      train.team,
      own.flatMap((of) => [of.gradient, of.hessian]),
    );
    return Array.from({ length: groups }, (_, group) => {
      const first = own.length === 1 ? 0 : 2 * group;
      return { gradient: largest[first]!, hessian: largest[first + 1]! };
    });
  };
}
