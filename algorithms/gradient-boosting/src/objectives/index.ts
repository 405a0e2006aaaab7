/**
 * Objectives by XGBoost's names. `createObjective` is the way in; each loss, or family of losses by formula, has a file
 * of its own in the folder. A server loads response.ts alone.
 */
import { absoluteError } from './absolute-error.js';
import { expectileError } from './expectile-error.js';
import { hinge } from './hinge.js';
import { gammaRegression, poissonRegression, tweedieRegression } from './log-link.js';
import { binaryLogistic, binaryLogitRaw, logisticRegression } from './logistic.js';
import type { Objective } from './objective.js';
import { checkedParameters } from './parameter-problems.js';
import type { ObjectiveParameters } from './parameters.js';
import { pseudoHuberError } from './pseudo-huber.js';
import { quantileError } from './quantile-error.js';
import { rankMap, rankNdcg, rankPairwise } from './ranking/lambda-rank.js';
import type { ObjectiveName } from './response.js';
import { softmaxClass, softmaxProbabilities } from './softmax.js';
import { squaredError } from './squared-error.js';
import { squaredLogError } from './squared-log-error.js';
import { acceleratedFailureTime } from './survival/aft.js';
import { coxRegression } from './survival/cox.js';

// What objectives have in common

export { isMultiClassName, isMultiTargetName, isRankingName, nameOfToday, OBJECTIVE_PARAMETERS } from './families.js';
export { rowNumber } from './labels.js';
export type {
  GradientSource,
  KernelLoss,
  LabelledRows,
  Objective,
  SurvivalBounds,
} from './objective.js';
export { objectiveProblems } from './parameter-problems.js';
export { DEFAULT_PARAMETERS, type ObjectiveParameters } from './parameters.js';
export { piecesInOrder, piecesOf } from './ranking/group-pieces.js';
export { OBJECTIVE_NAMES, type ObjectiveName, type Task } from './response.js';
export { savedParameters } from './saved-parameters.js';

// Create an objective

const FACTORIES: Readonly<Record<ObjectiveName, (parameters: ObjectiveParameters) => Objective>> = {
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
};

/**
 * The objective of that name.
 * @param parameters those that differ from XGBoost's defaults
 * @throws ClientError E_HYPERPARAMETER with one sentence for each parameter that does not fit the objective
 */
export function createObjective(name: ObjectiveName, parameters: Partial<ObjectiveParameters> = {}): Objective {
  return FACTORIES[name](checkedParameters(name, parameters));
}
