/**
 * Which metrics fit which objectives: each rule returns the required kind of objective if the given one does not fit.
 */
import type { MetricTarget } from './metric.js';

type Fitness = (target: MetricTarget) => string | undefined;

/** One prediction for each label. */
export const onePrediction: Fitness = ({ objective, parameters }) =>
  objective.groupCount === parameters.targetCount && objective.task !== 'multi-class'
    ? undefined
    : 'an objective with one prediction per label';

/** Two classes and a threshold between them. */
export const twoClasses: Fitness = ({ objective, parameters }) =>
  objective.decisionThreshold !== undefined && parameters.targetCount === 1
    ? undefined
    : 'a binary objective (binary:* or reg:logistic)';

export const anyClasses: Fitness = (target) =>
  target.objective.task === 'multi-class' || twoClasses(target) === undefined
    ? undefined
    : 'a classification objective (binary:*, multi:* or reg:logistic)';

export const manyClasses: Fitness = ({ objective }) =>
  objective.task === 'multi-class' ? undefined : 'a multi-class objective (multi:*)';

/** Scores that order rows of classes or relevance. */
export const anyOrder: Fitness = (target) =>
  target.objective.task === 'ranking' || anyClasses(target) === undefined
    ? undefined
    : 'a classification or ranking objective (binary:*, multi:*, rank:* or reg:logistic)';

export const oneScore: Fitness = ({ objective }) =>
  objective.groupCount === 1 ? undefined : 'an objective with one score per row';

export function objectiveNamed(name: string): Fitness {
  return ({ objective }) => (objective.name === name ? undefined : `objective ${name}`);
}

/** An objective with as many predictions per row as its list of levels is long. */
export function levelsOf(list: 'quantileAlpha' | 'expectileAlpha', name: string): Fitness {
  return ({ objective, parameters }) =>
    objective.groupCount === parameters[list].length && objective.task === 'regression'
      ? undefined
      : `objective ${name}`;
}
