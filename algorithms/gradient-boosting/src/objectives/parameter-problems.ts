/** Whether parameters fit an objective. */
import { ClientError } from '@algo/contract';
import { isMultiClassName } from './families.js';
import { DEFAULT_PARAMETERS, type ObjectiveParameters } from './parameters.js';
import type { ObjectiveName } from './response.js';

/**
 * @param parameters those that differ from XGBoost's defaults
 * @returns all of them
 * @throws ClientError E_HYPERPARAMETER with one sentence for each that does not fit the objective
 */
export function checkedParameters(name: ObjectiveName, parameters: Partial<ObjectiveParameters>): ObjectiveParameters {
  const complete = { ...DEFAULT_PARAMETERS, ...parameters };
  const problems = objectiveProblems(name, complete);
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
  return complete;
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
