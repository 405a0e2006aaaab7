/** The objective of a model file, which turns margins into predictions. */
import { ClientError, isNumberList, parseNestedList } from '@algo/contract';
import type { XgboostModel } from '../model/index.js';
import { checkedParameters } from '../objectives/parameter-problems.js';
import { createResponse, OBJECTIVE_NAMES, type ObjectiveResponse } from '../objectives/response.js';

type ObjectiveFields = Pick<
  XgboostModel,
  'objective' | 'objectiveParameters' | 'classCount' | 'targetCount' | 'groupCount'
>;

/** @throws ClientError E_MODEL for an objective that is not known here */
export function objectiveOf(model: ObjectiveFields): ObjectiveResponse {
  const name = OBJECTIVE_NAMES.find((known) => known === model.objective);
  if (!name) throw new ClientError('E_MODEL', `Objective "${model.objective}" cannot be served.`);
  const { quantile_alpha, expectile_alpha } = model.objectiveParameters;
  const parameters = checkedParameters(name, {
    classCount: model.classCount,
    targetCount: model.targetCount ?? 1,
    ...(quantile_alpha !== undefined && { quantileAlpha: readLevels(quantile_alpha) }),
    ...(expectile_alpha !== undefined && { expectileAlpha: readLevels(expectile_alpha) }),
  });
  return createResponse(name, parameters);
}

// --- internal ---

/** `[1E-1,5E-1]`, as XGBoost writes it. */
function readLevels(text: string): readonly number[] {
  const levels = parseNestedList(text);
  if (levels && isNumberList(levels, Number.isFinite)) return levels;
  throw new ClientError(
    'E_MODEL',
    `The levels of the model's objective must be a list of numbers; received "${text}".`,
  );
}
