/**
 * Metrics that a container writes to its log (Embedded Metric Format): CloudWatch makes values of each such line.
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
import { z } from 'zod';
import { type Metric, type MetricValue, sortDimensions } from './metric-store.js';

/** The values of a line; none where it is no document of the format. */
export function embeddedMetrics(line: string): (Metric & MetricValue)[] {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return [];
  const root = readDocument(line);
  if (!root) return [];
  const at = root._aws.Timestamp / 1000;
  return root._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = sortDimensions(names.map((Name) => ({ Name, Value: String(root[Name]) })));
      return Metrics.flatMap(({ Name: name }) =>
        valuesOf(root[name]).map((value) => ({ namespace, name, dimensions, at, value })),
      );
    }),
  );
}

// --- internal ---

const document = z.looseObject({
  _aws: z.looseObject({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.looseObject({
        Namespace: z.string().min(1),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.looseObject({ Name: z.string().min(1) })),
      }),
    ),
  }),
});

function readDocument(line: string): z.output<typeof document> | undefined {
  try {
    return document.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function valuesOf(target: unknown): number[] {
  return [target].flat().filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}
