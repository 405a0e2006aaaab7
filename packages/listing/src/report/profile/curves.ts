/**
 * The metrics of a training job over its rounds, epochs or steps, as its log counts them. Where a log counts nothing, over
 * the number of the value.
 */
import { createMetricFinder } from '@algo/local';
import type { ValidationRecord } from '../record.js';

export interface Curve {
  /** Of the metric: `validation:auc`. */
  readonly metric: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Metrics of one kind, such as train:auc and validation:auc, in one drawing. */
export interface CurveGroup {
  /** What comes after the colon. */
  readonly name: string;
  /** What x counts: `round`, or `value` where the log counts nothing. */
  readonly counter: string;
  readonly curves: readonly Curve[];
}

/** Groups with a metric that was logged twice or more; the others have no curve. */
export function curvesOf(record: ValidationRecord): readonly CurveGroup[] {
  const { curves, counter } = counted(record) ?? numbered(record.metrics);
  const groups = new Map<string, Curve[]>();
  for (const [metric, points] of curves) {
    if (points.length < 2) continue;
    const name = metric.slice(metric.indexOf(':') + 1);
    groups.set(name, [...(groups.get(name) ?? []), { metric, points }]);
  }
  return [...groups].map(([name, found]) => ({ name, counter, curves: found.sort(byMetric) }));
}

// --- internal ---

type Points = Map<string, (readonly [number, number])[]>;
type Counted = { readonly curves: Points; readonly counter: string };

/** A word before a number in a line of the log: `round=3`, `Epoch 12/30`, `[step: 100]`. */
const COUNTER = /(?:^|[\s[({,;|])(round|epoch|iteration|iter|step|batch)\s*[=:#]?\s*\[?(\d+)/i;
/** Lines; an expression is tried on each. */
const MAX_LINES = 20_000;
/** For one line; the expressions come from the algorithm. */
const LIMIT_MS = 1000;

/** Undefined where the log does not count all that it has. */
function counted({ trainingLog, description, metrics }: ValidationRecord): Counted | undefined {
  const lines = trainingLog?.split('\n') ?? [];
  const definitions = description.TrainingSpecification?.MetricDefinitions ?? [];
  if (lines.length > MAX_LINES || definitions.length === 0) return undefined;
  const find = createMetricFinder(definitions, LIMIT_MS);
  const curves: Points = new Map();
  const counters = new Set<string>();
  let found = 0;
  for (const line of lines) {
    const [, word, number] = COUNTER.exec(line) ?? [];
    if (word === undefined) continue;
    for (const { name, value } of find([line]).metrics) {
      add(curves, name, [Number(number), value]);
      counters.add(word.toLowerCase());
      found += 1;
    }
  }
  const once = metrics.length - found; // after the last round, such as the metrics of the model that is kept
  const isRising = [...curves.values()].every((points) => points.every(([x], i) => i === 0 || x > points[i - 1]![0]));
  const [counter] = counters;
  if (counter === undefined || counters.size > 1 || !isRising || once > new Set(metrics.map(({ name }) => name)).size) {
    return undefined;
  }
  return { curves, counter };
}

function numbered(metrics: ValidationRecord['metrics']): Counted {
  const curves: Points = new Map();
  for (const { name, value } of metrics) add(curves, name, [(curves.get(name)?.length ?? 0) + 1, value]);
  return { curves, counter: 'value' };
}

function add(curves: Points, name: string, point: readonly [number, number]): void {
  const points = curves.get(name);
  if (points) points.push(point);
  else curves.set(name, [point]);
}

/** Training first, whatever the log has first. */
function byMetric(a: Curve, b: Curve): number {
  return a.metric < b.metric ? -1 : 1;
}
