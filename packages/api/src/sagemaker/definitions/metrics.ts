/** Metric definitions of a request: a job that cannot search its log would fail when it has its instance. */
import { metricProblem } from '@algo/local';
import { validationError } from '../resources/context.js';

export interface MetricDefinition {
  readonly Name: string;
  readonly Regex: string;
}

/** @throws ServiceError ValidationException with every metric whose expression is none */
export function checkMetrics(definitions: readonly MetricDefinition[] = []): void {
  const problems = definitions.flatMap((definition) => metricProblem(definition) ?? []);
  if (problems.length > 0) throw validationError(problems.join(' '));
}
