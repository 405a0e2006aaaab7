/**
 * Values of metrics, by namespace, dimensions and name. A job's values have one dimension, its name; the database keeps that
 * as the resource, and other sets of dimensions as JSON.
 */
import type { Database } from '../store/database.js';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** In order of their names. */
  readonly dimensions: readonly Dimension[];
}

export interface MetricValue {
  /** Seconds since 1970. */
  readonly at: number;
  readonly value: number;
}

export type MetricStore = ReturnType<typeof openMetricStore>;

export function openMetricStore({ sql, transaction }: Database) {
  const values = sql.prepare(
    'SELECT at, value FROM metric_value WHERE namespace = ? AND resource = ? AND metric = ? AND at >= ? AND at < ? ORDER BY at',
  );
  const metrics = sql.prepare(
    `SELECT DISTINCT namespace, resource, metric AS name FROM metric_value
     WHERE (namespace = :namespace OR :namespace IS NULL) AND (metric = :name OR :name IS NULL)
     ORDER BY namespace, metric, resource`,
  );
  const insert = sql.prepare(
    'INSERT INTO metric_value (namespace, resource, metric, at, value) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    /** From `start` to before `end`, in order of time. */
    values: ({ namespace, name, dimensions }: Metric, start: number, end: number) =>
      values.all(namespace, writeDimensions(namespace, dimensions), name, start, end) as unknown as MetricValue[],
    /** Those of the namespace and name, where one is given. */
    metrics: (namespace: string | undefined, name: string | undefined): Metric[] =>
      (metrics.all({ namespace: namespace ?? null, name: name ?? null }) as unknown as MetricRow[]).map((row) => ({
        namespace: row.namespace,
        name: row.name,
        dimensions: readDimensions(row.namespace, row.resource),
      })),
    add: (added: readonly (Metric & MetricValue)[]) =>
      transaction(() => {
        for (const { namespace, name, dimensions, at, value } of added) {
          insert.run(namespace, writeDimensions(namespace, dimensions), name, at, value);
        }
      }),
  };
}

export function sortDimensions(dimensions: readonly Dimension[]): Dimension[] {
  return dimensions.toSorted((a, b) => (a.Name < b.Name ? -1 : a.Name > b.Name ? 1 : 0));
}

// --- internal ---

interface MetricRow {
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
}

/** Name of the dimension that jobs and endpoints have, by the start of their namespaces. */
const RESOURCE_DIMENSIONS = [
  ['/aws/sagemaker/TrainingJobs', 'TrainingJobName'],
  ['/aws/sagemaker/TransformJobs', 'TransformJobName'],
  ['/aws/sagemaker/Endpoints', 'EndpointName'],
] as const;

function resourceDimension(namespace: string): string | undefined {
  return RESOURCE_DIMENSIONS.find(([start]) => namespace === start || namespace.startsWith(`${start}/`))?.[1];
}

function writeDimensions(namespace: string, dimensions: readonly Dimension[]): string {
  const [first, second] = dimensions;
  const isAlone = first !== undefined && second === undefined && first.Name === resourceDimension(namespace);
  // What begins as JSON is read as JSON; no job's name does.
  if (isAlone && !first.Value.startsWith('[')) return first.Value;
  return JSON.stringify(dimensions.map(({ Name, Value }) => [Name, Value]));
}

function readDimensions(namespace: string, resource: string): Dimension[] {
  if (!resource.startsWith('[')) return [{ Name: resourceDimension(namespace) ?? 'Resource', Value: resource }];
  return (JSON.parse(resource) as [string, string][]).map(([Name, Value]) => ({ Name, Value }));
}
