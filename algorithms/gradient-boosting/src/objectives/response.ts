/**
 * The part of an objective that predictions need: the shape of a row's margins, and the ways between margins and
 * predictions. What only training needs of a loss (gradients, checks of labels, estimates of base_score) is in the
 * loss's own file, which a server does not load.
 */
import { nameOfToday } from './families.js';
import { baseScoresBy, IDENTITY, type Link, LOG, LOGIT, untransformed } from './link.js';
import { DEFAULT_PARAMETERS, type ObjectiveParameters } from './parameters.js';
import {
  applyLink,
  classProbabilities,
  expectilesOfMargins,
  likeliestClasses,
  marginsOfExpectiles,
  sortEachRow,
} from './transforms.js';

/** What kind of question an objective answers; metrics use it to refuse what they cannot measure. */
export type Task = 'regression' | 'binary' | 'multi-class' | 'ranking' | 'survival';

/** How the margins of one objective become predictions. */
export interface ObjectiveResponse {
  /** XGBoost's name, such as `binary:logistic`. */
  readonly name: string;
  readonly task: Task;
  /** Margins per row: classes of multi-class, alphas of quantile and expectile, targets; otherwise 1. */
  readonly groupCount: number;
  /** Predictions per row after `transform`: as many as margins, but 1 for multi:softmax. */
  readonly outputCount: number;
  /** Evaluated predictions above this mean the positive class; only for task `binary` and reg:logistic. */
  readonly decisionThreshold?: number;
  /** Whether `transformForMetrics` gives probabilities of classes. */
  readonly hasProbabilities?: boolean;
  /** Whether `transform` gives a class, not a score. */
  readonly predictsClass?: boolean;
  /** What a given `base_score` must be, e.g. "a number in [0, 1]", when `score` is not that; otherwise undefined. */
  baseScoreProblem(score: number): string | undefined;
  /** @param scores [groups] or [1] values of base_score; @returns the same number of float32 margins */
  toMargins(scores: Float32Array): Float32Array;
  /**
   * Margins to predictions as the user sees them.
   * @param margins [rows × groups], row-major
   * @param out [rows × outputs]; may be `margins` itself when outputCount equals groupCount. Default: a new array
   */
  transform(margins: Float32Array, out?: Float32Array): Float32Array;
  /**
   * Margins to what XGBoost gives to its metrics: `transform`, but probabilities for multi:softmax and margins for
   * survival:aft.
   * @param out [rows × groups]; may be `margins` itself. Default: a new array
   */
  transformForMetrics(margins: Float32Array, out?: Float32Array): Float32Array;
}

type Create = (parameters: ObjectiveParameters) => Omit<ObjectiveResponse, 'name'>;
type Transform = ObjectiveResponse['transform'];

const HINGE: Link = { ...IDENTITY, toPrediction: (margin) => (margin > 0 ? 1 : 0) };

const RESPONSES = {
  'reg:squarederror': linked(IDENTITY, { task: 'regression' }),
  'reg:linear': linked(IDENTITY, { task: 'regression' }),
  'reg:squaredlogerror': linked(IDENTITY, { task: 'regression' }),
  'reg:logistic': linked(LOGIT, { task: 'regression', decisionThreshold: 0.5 }),
  'reg:pseudohubererror': linked(IDENTITY, { task: 'regression' }),
  'reg:absoluteerror': linked(IDENTITY, { task: 'regression' }),
  'reg:quantileerror': ({ quantileAlpha }) => ({
    ...leveled(quantileAlpha, (margins, out) => sortEachRow(margins, quantileAlpha.length, out)),
    ...baseScoresBy(IDENTITY),
  }),
  'reg:expectileerror': ({ expectileAlpha }) => ({
    ...leveled(expectileAlpha, (margins, out) => expectilesOfMargins(margins, expectileAlpha.length, out)),
    baseScoreProblem: IDENTITY.problem,
    toMargins: marginsOfExpectiles,
  }),
  'reg:gamma': linked(LOG, { task: 'regression' }),
  'reg:tweedie': linked(LOG, { task: 'regression' }),
  'binary:logistic': linked(LOGIT, { task: 'binary', decisionThreshold: 0.5, hasProbabilities: true }),
  'binary:logitraw': linked(IDENTITY, { task: 'binary', decisionThreshold: 0 }),
  'binary:hinge': linked(HINGE, { task: 'binary', decisionThreshold: 0.5, predictsClass: true }),
  'count:poisson': linked(LOG, { task: 'regression' }),
  'multi:softmax': (parameters) => ({
    ...softmax(parameters),
    outputCount: 1,
    predictsClass: true,
    transform: (margins, out) => likeliestClasses(margins, parameters.classCount, out),
  }),
  'multi:softprob': softmax,
  'rank:pairwise': ranking,
  'rank:ndcg': ranking,
  'rank:map': ranking,
  'survival:cox': single(LOG),
  // XGBoost's metrics of survival:aft take the margin.
  'survival:aft': () => ({ ...single(LOG)(), transformForMetrics: untransformed }),
} as const satisfies Record<string, Create>;

export type ObjectiveName = keyof typeof RESPONSES;

/** Every name of an objective. `reg:linear` is the old name of `reg:squarederror`. */
export const OBJECTIVE_NAMES = Object.keys(RESPONSES) as readonly ObjectiveName[];

/** @param parameters that fit the objective, as `checkedParameters` returns them */
export function createResponse(name: ObjectiveName, parameters: ObjectiveParameters): ObjectiveResponse {
  const create: Create = RESPONSES[name];
  return { name: nameOfToday(name), ...create(parameters) };
}

/**
 * The margins of base scores, one for each output, by the link of the objective of that name, which no parameter changes.
 * For a name that is not known, the scores are the margins.
 */
export function marginsOfScores(name: string, scores: Float32Array): Float32Array {
  const known = OBJECTIVE_NAMES.find((own) => own === name);
  return known ? createResponse(known, DEFAULT_PARAMETERS).toMargins(scores) : scores;
}

// --- internal ---

type Kind = Pick<ObjectiveResponse, 'task' | 'decisionThreshold' | 'hasProbabilities' | 'predictsClass'>;

/** One prediction for each target, by a link. */
function linked(link: Link, kind: Kind) {
  const transform: Transform = (margins, out) => applyLink(link, margins, out);
  return ({ targetCount }: Pick<ObjectiveParameters, 'targetCount'>) => ({
    ...kind,
    groupCount: targetCount,
    outputCount: targetCount,
    ...baseScoresBy(link),
    transform,
    transformForMetrics: transform,
  });
}

/** One prediction for each level. */
function leveled({ length }: readonly number[], transform: Transform) {
  const task: Task = 'regression';
  return { task, groupCount: length, outputCount: length, transform, transformForMetrics: transform };
}

/** One survival time or hazard. */
function single(link: Link) {
  return () => linked(link, { task: 'survival' })({ targetCount: 1 });
}

function softmax({ classCount }: ObjectiveParameters) {
  const transform: Transform = (margins, out) => classProbabilities(margins, classCount, out);
  const task: Task = 'multi-class';
  return {
    task,
    groupCount: classCount,
    outputCount: classCount,
    hasProbabilities: true,
    ...baseScoresBy(IDENTITY),
    transform,
    transformForMetrics: transform,
  };
}

function ranking() {
  return linked(IDENTITY, { task: 'ranking' })({ targetCount: 1 });
}
