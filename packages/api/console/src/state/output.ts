/** The lines and metric values of a resource, as they come. */
import type { OutputPage } from '../../../src/console/answers.js';
import type { LogLine, MetricValue, Output } from './state.js';

export const NO_OUTPUT: Output = { lines: [], isCut: false, metrics: {}, lastLine: 0, lastValue: 0 };

/** Older ones are dropped: the page stays quick, and the whole log can be saved. */
export const MAX_KEPT_LINES = 50_000;

export function addOutput(output: Output, page: OutputPage): Output {
  const fresh: LogLine[] = page.lines
    .filter(([id]) => id > output.lastLine)
    .map(([id, at, text]) => ({ id, at, text }));
  const lines = fresh.length > 0 ? [...output.lines, ...fresh] : output.lines;
  return {
    lines: lines.length > MAX_KEPT_LINES ? lines.slice(-MAX_KEPT_LINES) : lines,
    isCut: output.isCut || page.isCut || lines.length > MAX_KEPT_LINES,
    metrics: addValues(output, page.values),
    lastLine: fresh.at(-1)?.id ?? output.lastLine,
    lastValue: Math.max(output.lastValue, page.values.at(-1)?.[0] ?? 0),
  };
}

/**
 * Metrics that belong into one chart: `train:rmse` and `validation:rmse` are both `rmse`. In the order of their first values.
 */
export function chartsOf(metrics: Output['metrics']): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(Object.keys(metrics), (name) => name.split(':').at(-1) || name);
}

// --- internal ---

function addValues({ metrics, lastValue }: Output, values: OutputPage['values']): Output['metrics'] {
  const fresh = values.filter(([id]) => id > lastValue);
  if (fresh.length === 0) return metrics;
  const byName = Map.groupBy(fresh, ([, metric]) => metric);
  const added = [...byName].map(([name, more]): [string, MetricValue[]] => [
    name,
    [...(Object.hasOwn(metrics, name) ? metrics[name]! : []), ...more.map(([, , at, value]) => ({ at, value }))],
  ]);
  return { ...metrics, ...Object.fromEntries(added) };
}
