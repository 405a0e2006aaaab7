import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { callTarget, openScene } from '../support/scene.js';

const Namespace = 'own';
const NONE = 'what is not there has no values';
const READS = 'it reads';
const RANGE = { StartTime: 1_800_000_000, EndTime: 1_800_000_180 };
const stat = (Stat: string) => ({
  Id: Stat.toLowerCase(),
  MetricStat: { Metric: { Namespace, MetricName: 'loss' }, Period: 60, Stat },
});
const datum = (Timestamp: number) => ({ MetricName: 'loss', Timestamp, Value: 1 });

const ALARM = {
  ...{ AlarmName: 'high', Namespace, MetricName: 'loss', Statistic: 'Average', Period: 60 },
  ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
};

async function open(): Promise<MatrixCall> {
  const { api } = await openScene();
  const call: MatrixCall = async (operation, input) => {
    const { status, body } = await callTarget(api.url, `GraniteServiceVersion20100801.${operation}`, input);
    return { status, code: body?.__type, body };
  };
  await call('PutMetricData', { Namespace, MetricData: [datum(RANGE.StartTime), datum(RANGE.StartTime + 60)] });
  for (const AlarmName of ['high', 'low']) await call('PutMetricAlarm', { ...ALARM, AlarmName });
  return call;
}

checkMatrix({
  model: 'cloudwatch',
  open,
  invalid: ['ValidationError', 'ValidationError'],
  rows: {
    PutMetricData: {
      right: { Namespace, MetricData: [datum(RANGE.StartTime)] },
      missing: 'it makes what it names',
      conflict: 'values of one time are kept side by side',
      paged: 'one answer',
    },
    GetMetricData: {
      right: { ...RANGE, MetricDataQueries: [stat('Sum')] },
      missing: NONE,
      conflict: READS,
      paged: 'pages of values, not of series: test/metrics',
    },
    GetMetricStatistics: {
      right: { ...RANGE, Namespace, MetricName: 'loss', Period: 60, Statistics: ['Sum'] },
      missing: NONE,
      conflict: READS,
      paged: 'one answer',
    },
    PutMetricAlarm: {
      right: ALARM,
      missing: [{ AlarmName: 'none' }, 'ValidationError'],
      conflict: [{ ...ALARM, ExtendedStatistic: 'p99' }, 'ValidationError'],
      paged: 'one answer',
    },
    DescribeAlarms: {
      right: { AlarmNames: ['high'] },
      missing: 'none is an answer',
      conflict: READS,
      paged: { request: {}, items: 'MetricAlarms', limit: 'MaxRecords', token: 'NextToken' },
    },
    DeleteAlarms: {
      right: { AlarmNames: ['high'] },
      missing: [{ AlarmNames: ['low', 'none'] }, 'ResourceNotFound'],
      conflict: 'alarms are in use by nothing',
      paged: 'one answer',
    },
    ListMetrics: { right: {}, missing: NONE, conflict: READS, paged: 'pages have 500: test/metrics' },
  },
});
