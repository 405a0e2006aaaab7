/** The metrics of a network, the tasks that they are for, and which direction is better. */
import type { Task } from '../network/definition.js';

export type MetricName = 'loss' | 'accuracy' | 'auc' | 'rmse' | 'mae';

export interface Metric {
  readonly name: MetricName;
  readonly goal: 'minimize' | 'maximize';
  readonly description: string;
  readonly tasks: readonly Task[];
}

/** In the order in which they are printed. */
export const NETWORK_METRICS = [
  {
    name: 'loss',
    goal: 'minimize',
    description: 'mean of what training minimises, without penalties',
    tasks: ['regression', 'binary', 'multiclass'],
  },
  {
    name: 'accuracy',
    goal: 'maximize',
    description: 'share of rows whose most probable class is right',
    tasks: ['binary', 'multiclass'],
  },
  { name: 'auc', goal: 'maximize', description: 'area under the ROC curve', tasks: ['binary'] },
  { name: 'rmse', goal: 'minimize', description: 'root of the mean squared error', tasks: ['regression'] },
  { name: 'mae', goal: 'minimize', description: 'mean absolute error', tasks: ['regression'] },
] as const satisfies readonly Metric[];

/** Names of the metrics of a task. */
export function metricsOf(task: Task): readonly MetricName[] {
  return NETWORK_METRICS.filter(({ tasks }) => (tasks as readonly Task[]).includes(task)).map(({ name }) => name);
}

/** Whether `value` is a better one of the metric than `than`. */
export function isBetter(name: MetricName, value: number, than: number): boolean {
  const { goal } = NETWORK_METRICS.find((metric) => metric.name === name)!;
  return goal === 'minimize' ? value < than : value > than;
}
