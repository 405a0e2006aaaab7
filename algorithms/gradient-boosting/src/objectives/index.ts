/**
 * Objectives by XGBoost's names. `createObjective` is the way in; each other file of the folder is one loss, or one
 * family of losses by formula.
 */
import { ClientError } from '@algo/contract';
import { absoluteError } from './absolute-error.js';
import { expectileError } from './expectile-error.js';
import { isMultiClassName } from './families.js';
import { hinge } from './hinge.js';
import { gammaRegression, poissonRegression, tweedieRegression } from './log-link.js';
import { binaryLogistic, binaryLogitRaw, logisticRegression } from './logistic.js';
import type { Objective } from './objective.js';
import { DEFAULT_PARAMETERS, type ObjectiveParameters } from './parameters.js';
import { pseudoHuberError } from './pseudo-huber.js';
import { quantileError } from './quantile-error.js';
import { rankMap, rankNdcg, rankPairwise } from './ranking/lambda-rank.js';
import { softmaxClass, softmaxProbabilities } from './softmax.js';
import { squaredError } from './squared-error.js';
import { squaredLogError } from './squared-log-error.js';
import { acceleratedFailureTime } from './survival/aft.js';
import { coxRegression } from './survival/cox.js';

// What objectives have in common

export { isMultiClassName, isMultiTargetName, isRankingName, nameOfToday, OBJECTIVE_PARAMETERS } from './families.js';
export type {
  GradientSource,
  KernelLoss,
  LabelledRows,
  Objective,
  SurvivalBounds,
  Task,
} from './objective.js';
export {
  AFT_DISTRIBUTIONS,
  DEFAULT_PARAMETERS,
  type ObjectiveParameters,
  PAIR_METHODS,
} from './parameters.js';
export { savedParameters } from './saved-parameters.js';

// Create an objective

const FACTORIES = {
  'reg:squarederror': squaredError,
  'reg:linear': squaredError,
  'reg:squaredlogerror': squaredLogError,
  'reg:logistic': logisticRegression,
  'reg:pseudohubererror': pseudoHuberError,
  'reg:absoluteerror': absoluteError,
  'reg:quantileerror': quantileError,
  'reg:expectileerror': expectileError,
  'reg:gamma': gammaRegression,
  'reg:tweedie': tweedieRegression,
  'binary:logistic': binaryLogistic,
  'binary:logitraw': binaryLogitRaw,
  'binary:hinge': hinge,
  'count:poisson': poissonRegression,
  'multi:softmax': softmaxClass,
  'multi:softprob': softmaxProbabilities,
  'rank:pairwise': rankPairwise,
  'rank:ndcg': rankNdcg,
  'rank:map': rankMap,
  'survival:cox': coxRegression,
  'survival:aft': acceleratedFailureTime,
} as const satisfies Record<string, (parameters: ObjectiveParameters) => Objective>;

export type ObjectiveName = keyof typeof FACTORIES;

/** Every name `createObjective` takes. `reg:linear` is the old name of `reg:squarederror`. */
export const OBJECTIVE_NAMES = Object.keys(FACTORIES) as readonly ObjectiveName[];

/**
 * The objective of that name.
 * @param parameters those that differ from XGBoost's defaults
 * @throws ClientError E_HYPERPARAMETER with one sentence for each parameter that does not fit the objective
 */
export function createObjective(name: ObjectiveName, parameters: Partial<ObjectiveParameters> = {}): Objective {
  const complete = { ...DEFAULT_PARAMETERS, ...parameters };
  const problems = objectiveProblems(name, complete);
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
  return FACTORIES[name](complete);
}

/**
 * The margins of base scores, one for each output, by the link of the objective of that name, which no parameter changes.
 * For a name that is not known, the scores are the margins.
 */
export function marginsOfScores(name: string, scores: Float32Array): Float32Array {
  const known = OBJECTIVE_NAMES.find((own) => own === name);
  return known ? FACTORIES[known](DEFAULT_PARAMETERS).toMargins(scores) : scores;
}

/** One sentence for each parameter that does not fit the objective; none when all do. */
export function objectiveProblems(name: ObjectiveName, parameters: ObjectiveParameters): string[] {
  const problems: string[] = [];
  const require = (isMet: boolean, hyperparameter: string, rule: string, value: unknown) => {
    if (!isMet) problems.push(`Hyperparameter "${hyperparameter}" must be ${rule} for ${name}; received ${value}.`);
  };
  const { classCount, huberSlope, quantileAlpha, expectileAlpha, tweedieVariancePower } = parameters;
  const scale = parameters.aftLossDistributionScale;
  if (isMultiClassName(name)) {
    require(Number.isInteger(classCount) && classCount >= 2, 'num_class', 'a whole number of at least 2', classCount);
  }
  if (name === 'reg:pseudohubererror') require(huberSlope !== 0, 'huber_slope', 'other than 0', huberSlope);
  if (name === 'reg:quantileerror') {
    require(areLevels(quantileAlpha), 'quantile_alpha', LEVELS_RULE, JSON.stringify(quantileAlpha));
  }
  if (name === 'reg:expectileerror') {
    require(areLevels(expectileAlpha), 'expectile_alpha', LEVELS_RULE, JSON.stringify(expectileAlpha));
  }
  if (name === 'reg:tweedie') {
    const isInside = tweedieVariancePower >= 1 && tweedieVariancePower < 2;
    require(isInside, 'tweedie_variance_power', 'in [1, 2)', tweedieVariancePower);
  }
  if (name === 'survival:aft') require(scale > 0, 'aft_loss_distribution_scale', 'above 0', scale);
  return problems;
}

// --- internal ---

const LEVELS_RULE = 'one or more numbers in [0, 1] in ascending order';

function areLevels(levels: readonly number[]): boolean {
  const isLevel = (level: number, i: number) => level >= 0 && level <= 1 && (i === 0 || level >= levels[i - 1]!);
  return levels.length > 0 && levels.every(isLevel);
}
