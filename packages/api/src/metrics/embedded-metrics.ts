/**
 * Metrics that a container writes to its log (Embedded Metric Format): CloudWatch makes values of each such line.
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
import { type Metric, type MetricValue, sortDimensions } from './metric-store.js';

/** The values of a line; none where it is no document of the format. */
export function embeddedMetrics(line: string): (Metric & MetricValue)[] {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return [];
  const root = readObject(line);
  const { Timestamp, CloudWatchMetrics } = asObject(root._aws);
  if (typeof Timestamp !== 'number') return [];
  return objectsOf(CloudWatchMetrics).flatMap(({ Namespace: namespace, Dimensions, Metrics }) => {
    if (typeof namespace !== 'string') return [];
    const sets = Array.isArray(Dimensions) ? Dimensions : [];
    return sets.flatMap((names) =>
      objectsOf(Metrics).flatMap(({ Name: name }) =>
        typeof name === 'string'
          ? valuesOf(root[name]).map((value) => ({
              ...{ namespace, name, dimensions: dimensionsOf(names, root), at: Timestamp / 1000, value },
            }))
          : [],
      ),
    );
  });
}

// --- internal ---

type Members = Readonly<Record<string, unknown>>;

function readObject(line: string): Members {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function objectsOf(list: unknown): Members[] {
  return Array.isArray(list) ? list.map(asObject) : [];
}

function dimensionsOf(names: unknown, root: Members): Metric['dimensions'] {
  const texts = Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [];
  return sortDimensions(texts.map((Name) => ({ Name, Value: String(root[Name]) })));
}

function valuesOf(target: unknown): number[] {
  return [target].flat().filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}
