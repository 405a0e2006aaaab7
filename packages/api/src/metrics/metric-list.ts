/** ListMetrics and PutMetricData. */
import { ServiceError } from '../service-error.js';
import type { ListMetricsRequest, MetricDatum, PutMetricsRequest } from './metric-requests.js';
import { type Metric, type MetricStore, sortDimensions } from './metric-store.js';

/** Of one answer; Amazon CloudWatch API Reference. */
const MAX_METRICS = 500;
/** Of one PutMetricData. */
const MAX_DATA = 1000;
/** Values of one PutMetricData, each as often as it counts: every one is kept by itself. */
const MAX_VALUES = 100_000;

export function listMetrics(
  store: MetricStore,
  { Namespace, MetricName, Dimensions = [], NextToken }: ListMetricsRequest,
) {
  const offset = NextToken === undefined ? 0 : readOffset(NextToken);
  const hasDimensions = ({ dimensions }: Metric) =>
    Dimensions.every(({ Name, Value }) =>
      dimensions.some((found) => found.Name === Name && (Value === undefined || found.Value === Value)),
    );
  const found = store.metrics(Namespace, MetricName).filter(hasDimensions);
  const page = found.slice(offset, offset + MAX_METRICS);
  return {
    Metrics: page.map(({ namespace, name, dimensions }) => ({
      ...{ Namespace: namespace, MetricName: name, Dimensions: dimensions },
    })),
    ...(offset + MAX_METRICS < found.length && { NextToken: String(offset + MAX_METRICS) }),
  };
}

export function putMetricData(store: MetricStore, { Namespace, MetricData = [] }: PutMetricsRequest): void {
  if (Namespace.startsWith('AWS/')) {
    throw new ServiceError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
  }
  if (MetricData.length > MAX_DATA) {
    const message = `The collection MetricData must not have a size greater than ${MAX_DATA}; received ${MetricData.length}.`;
    throw new ServiceError('InvalidParameterValue', message);
  }
  const now = Date.now() / 1000;
  for (const [i, datum] of MetricData.entries()) checkDatum(datum, `MetricData.member.${i + 1}`);
  const total = MetricData.reduce((sum, { Counts = [] }) => Counts.reduce((all, count) => all + count, sum), 0);
  if (total > MAX_VALUES) {
    const message = `The Counts of all MetricData must be ${MAX_VALUES} together or less; their sum is ${total}.`;
    throw new ServiceError('InvalidParameterValue', message);
  }
  store.add(
    MetricData.flatMap((datum) => {
      const metric = {
        ...{ namespace: Namespace, name: datum.MetricName, dimensions: sortDimensions(datum.Dimensions ?? []) },
        at: datum.Timestamp ?? now,
      };
      return valuesOf(datum).map((value) => ({ ...metric, value }));
    }),
  );
}

// --- internal ---

/** @throws ServiceError InvalidParameterValue, InvalidParameterCombination */
function checkDatum({ Value, Values, Counts, StatisticValues }: MetricDatum, place: string): void {
  if (StatisticValues !== undefined) {
    const message = `${place} must have Value or Values: StatisticValues are not there on this machine.`;
    throw new ServiceError('InvalidParameterValue', message);
  }
  const isPaired = Counts === undefined || Counts.length === Values?.length;
  if ((Values === undefined) === (Value === undefined) || !isPaired) {
    const message = `${place} must have either Value, or Values with as many Counts.`;
    throw new ServiceError('InvalidParameterCombination', message);
  }
  const wrong = Counts?.find((count) => count < 1 || !Number.isInteger(count));
  if (wrong !== undefined) {
    throw new ServiceError(
      'InvalidParameterValue',
      `The Counts of ${place} must be whole numbers from 1; received ${wrong}.`,
    );
  }
}

function valuesOf({ Value, Values, Counts }: MetricDatum): readonly number[] {
  if (Values === undefined) return [Value!];
  return Counts ? Values.flatMap((value, i) => Array.from({ length: Counts[i]! }, () => value)) : Values;
}

function readOffset(token: string): number {
  if (/^\d{1,9}$/.test(token)) return Number(token);
  throw new ServiceError('InvalidParameterValue', `NextToken must be one of an answer before; received "${token}".`);
}
