/**
 * CloudWatch's Embedded Metric Format by the rules of its specification (Amazon CloudWatch User Guide, "Specification:
 * Embedded metric format"): a document is one JSON object whose `_aws` says which of its other members are metrics and
 * dimensions. Members that the format does not define are allowed in the root only.
 */
import { expect } from 'vitest';
import { z } from 'zod';

const UNITS = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Percent',
  'Count',
  'Count/Second',
  'Bytes/Second',
  'None',
] as const;

const directive = z.strictObject({
  Namespace: z.string().min(1).max(1024),
  /** Sets of names of members; a set has 30 at most. */
  Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
  Metrics: z
    .array(
      z.strictObject({
        Name: z.string().min(1).max(1024),
        Unit: z.enum(UNITS).optional(),
        StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
      }),
    )
    .max(100),
});

const document = z.looseObject({
  _aws: z.strictObject({ Timestamp: z.int().min(0), CloudWatchMetrics: z.array(directive) }),
});

/** Values of metrics are numbers or lists of 100 at most; of dimensions, texts. */
const metricValue = z.union([z.number(), z.array(z.number()).max(100)]);
const dimensionValue = z.string().min(1).max(1024);

/** The line's metrics by name, and its dimensions. @throws where the line breaks a rule */
export function readEmbedded(line: string) {
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1024 * 1024);
  const root = document.parse(JSON.parse(line));
  const [only, ...others] = root._aws.CloudWatchMetrics;
  expect(others).toEqual([]);
  const { Namespace, Dimensions, Metrics } = only!;
  const named = <T>(names: readonly string[], type: z.ZodType<T>) =>
    Object.fromEntries(names.map((name) => [name, type.parse(root[name])]));
  const names = Metrics.map(({ Name }) => Name);
  expect(new Set(names).size).toBe(names.length);
  return {
    namespace: Namespace,
    dimensions: named(Dimensions.flat(), dimensionValue),
    metrics: named(names, metricValue),
  };
}
