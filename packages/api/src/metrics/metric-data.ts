/** GetMetricData and GetMetricStatistics: statistics of metrics by periods. */
import { ServiceError } from '../service-error.js';
import type { MetricDataQuery, MetricDataRequest, MetricReference, StatisticsRequest } from './metric-requests.js';
import { type Metric, type MetricStore, sortDimensions } from './metric-store.js';
import { checkPeriod, inPeriods, statisticOf } from './statistics.js';

/** Of one GetMetricData; Amazon CloudWatch API Reference. */
const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;
/** Of one GetMetricStatistics. */
const MAX_STATISTICS = 1440;

export function getMetricData(store: MetricStore, request: MetricDataRequest) {
  const { MetricDataQueries: queries, ScanBy = 'TimestampDescending', NextToken } = request;
  checkTimes(request);
  checkQueries(queries);
  // A token is the number of datapoints of each query that were on the pages before.
  const offset = NextToken === undefined ? 0 : readOffset(NextToken);
  const shown = queries.filter(({ ReturnData = true }) => ReturnData);
  const size = Math.floor(
    Math.min(request.MaxDatapoints ?? MAX_DATAPOINTS, MAX_DATAPOINTS) / Math.max(shown.length, 1),
  );
  if (size < 1)
    throw invalid(
      `MaxDatapoints must be ${shown.length}, the number of queries, or more; received ${request.MaxDatapoints}.`,
    );
  const results = shown.map((query) => {
    const points = datapointsOf(store, query, request);
    if (ScanBy === 'TimestampDescending') points.reverse();
    const page = points.slice(offset, offset + size);
    const isCut = offset + size < points.length;
    return {
      ...{ Id: query.Id, Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id },
      ...{ Timestamps: page.map(({ at }) => at), Values: page.map(({ value }) => value) },
      StatusCode: isCut ? 'PartialData' : 'Complete',
    };
  });
  return {
    MetricDataResults: results,
    Messages: [],
    ...(results.some(({ StatusCode }) => StatusCode === 'PartialData') && { NextToken: String(offset + size) }),
  };
}

export function getMetricStatistics(store: MetricStore, request: StatisticsRequest) {
  const { StartTime, EndTime, Period, Statistics = [], ExtendedStatistics = [] } = request;
  checkTimes(request);
  checkPeriod(Period);
  if (Statistics.length + ExtendedStatistics.length === 0) {
    throw new ServiceError('InvalidParameterCombination', 'Statistics or ExtendedStatistics must be given.');
  }
  const periods = inPeriods(store.values(metricOf(request), StartTime, EndTime), Period);
  if (periods.length > MAX_STATISTICS) {
    throw new ServiceError(
      'InvalidParameterCombination',
      `You have requested up to ${periods.length} datapoints, which exceeds the limit of ${MAX_STATISTICS}. Lengthen Period, or shorten the range of time.`,
    );
  }
  const valuesOf = (names: readonly string[], values: readonly number[]) =>
    Object.fromEntries(names.map((name) => [name, statisticOf(name)(values)]));
  return {
    Label: request.MetricName,
    Datapoints: periods.map(({ start, values }) => ({
      ...{ Timestamp: start, Unit: 'None', ...valuesOf(Statistics, values) },
      ...(ExtendedStatistics.length > 0 && { ExtendedStatistics: valuesOf(ExtendedStatistics, values) }),
    })),
  };
}

// --- internal ---

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

function metricOf({ Namespace = '', MetricName = '', Dimensions = [] }: MetricReference): Metric {
  return { namespace: Namespace, name: MetricName, dimensions: sortDimensions(Dimensions) };
}

function datapointsOf(store: MetricStore, { MetricStat }: MetricDataQuery, { StartTime, EndTime }: MetricDataRequest) {
  const { Metric, Period, Stat } = MetricStat!;
  const statistic = statisticOf(Stat);
  const periods = inPeriods(store.values(metricOf(Metric), StartTime, EndTime), Period);
  return periods.map(({ start, values }) => ({ at: start, value: statistic(values) }));
}

function checkTimes({ StartTime, EndTime }: { readonly StartTime: number; readonly EndTime: number }): void {
  if (StartTime < EndTime) return;
  throw invalid(
    `The parameter StartTime must be less than the parameter EndTime; received ${StartTime} and ${EndTime}.`,
  );
}

function checkQueries(queries: readonly MetricDataQuery[]): void {
  if (queries.length > MAX_QUERIES) {
    throw invalid(
      `The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}; received ${queries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const { Id, MetricStat, Expression } of queries) {
    if (!/^[a-z]\w*$/.test(Id))
      throw invalid(`The Id of a query must be a word that begins with a small letter; received "${Id}".`);
    if (ids.has(Id)) throw invalid(`The values for parameter id in MetricDataQueries are not unique: "${Id}".`);
    ids.add(Id);
    if (Expression !== undefined) {
      throw invalid(`The query "${Id}" must have MetricStat: expressions are not there on this machine.`);
    }
    if (MetricStat === undefined) throw invalid(`The query "${Id}" must have MetricStat.`);
    checkPeriod(MetricStat.Period);
  }
}

function readOffset(token: string): number {
  if (/^\d{1,9}$/.test(token)) return Number(token);
  throw new ServiceError('InvalidNextToken', `The token must be one of an answer before; received "${token}".`);
}
