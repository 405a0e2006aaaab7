import { gzipSync } from 'node:zlib';
import { decode, encode, Tagged } from 'cborg';
import { expect, it } from 'vitest';
import { callTarget, hasEnded, openScene, trainingJob } from '../support/scene.js';

const PREFIX = 'GraniteServiceVersion20100801';
/** A whole number of minutes. */
const START = 1_800_000_000;
const Namespace = 'own';

/** A server with values of one metric: 1 and 3 in the first minute, 8 in the third. */
async function openMetrics() {
  const scene = await openScene();
  const metrics = (operation: string, input: object) => callTarget(scene.api.url, `${PREFIX}.${operation}`, input);
  const datum = (seconds: number, Value: number) => ({ MetricName: 'loss', Timestamp: START + seconds, Value });
  await metrics('PutMetricData', { Namespace, MetricData: [datum(0, 1), datum(59, 3), datum(120, 8)] });
  return { ...scene, metrics };
}

const query = (Stat: string, more: object = {}) => ({
  Id: Stat.toLowerCase().replace('.', '_'),
  MetricStat: { Metric: { Namespace, MetricName: 'loss' }, Period: 60, Stat },
  ...more,
});
const RANGE = { StartTime: START, EndTime: START + 180 };

it('values are given by periods, as the statistics that are asked for', async () => {
  const { metrics } = await openMetrics();
  const names = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p99.9'];

  const { body } = await metrics('GetMetricData', {
    ...RANGE,
    MetricDataQueries: names.map((name) => query(name)),
    ScanBy: 'TimestampAscending',
  });

  const results = body.MetricDataResults as {
    Id: string;
    Values: number[];
    Timestamps: number[];
    StatusCode: string;
  }[];
  expect(results.map(({ Timestamps }) => Timestamps)).toEqual(names.map(() => [START, START + 120]));
  expect(results.map(({ StatusCode }) => StatusCode)).toEqual(names.map(() => 'Complete'));
  expect(Object.fromEntries(results.map(({ Id, Values }) => [Id, Values]))).toEqual({
    ...{ average: [2, 8], sum: [4, 8], minimum: [1, 8], maximum: [3, 8], samplecount: [2, 1], p50: [2, 8] },
    p99_9: [1 + 0.999 * 2, 8],
  });
});

it('the newest comes first, in pages where a client wants less, and a range has its start and not its end', async () => {
  const { metrics } = await openMetrics();
  const get = async (more: object) =>
    (await metrics('GetMetricData', { ...RANGE, MetricDataQueries: [query('Sum')], ...more })).body;

  const first = await get({ MaxDatapoints: 1 });
  const second = await get({ MaxDatapoints: 1, NextToken: first.NextToken });
  const range = await get({ EndTime: START + 120 });
  const hidden = await get({ MetricDataQueries: [query('Sum', { ReturnData: false })] });

  expect([first, second, range].map((body) => body.MetricDataResults[0].Values)).toEqual([[8], [4], [4]]);
  expect(first.MetricDataResults[0].StatusCode).toBe('PartialData');
  expect(second).not.toHaveProperty('NextToken');
  expect(hidden.MetricDataResults).toEqual([]);
});

it("a training job's metrics have its name as their dimension", async () => {
  const { api, call, put, until } = await openScene();
  const metrics = (operation: string, input: object) => callTarget(api.url, `${PREFIX}.${operation}`, input);
  put({ 'train/a.csv': '1,2\n3,4\n' });
  await call('CreateTrainingJob', trainingJob('job'));
  await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);
  const metric = {
    ...{ Namespace: '/aws/sagemaker/TrainingJobs', MetricName: 'train:sum' },
    Dimensions: [{ Name: 'TrainingJobName', Value: 'job' }],
  };

  const listed = await metrics('ListMetrics', { Namespace: metric.Namespace, Dimensions: metric.Dimensions });
  const found = await metrics('GetMetricStatistics', {
    ...metric,
    ...{ StartTime: 0, EndTime: 4e9, Period: 60, Statistics: ['Average', 'SampleCount'], ExtendedStatistics: ['p90'] },
  });

  expect(listed.body.Metrics).toEqual([metric]);
  expect(found.body).toMatchObject({ Label: 'train:sum', Datapoints: [{ Average: 10, Unit: 'None' }] });
  expect(found.body.Datapoints[0].ExtendedStatistics).toEqual({ p90: 10 });
});

it('metrics are listed by namespace, name and dimensions, which may be in any order', async () => {
  const { metrics } = await openMetrics();
  const Dimensions = [
    { Name: 'b', Value: '2' },
    { Name: 'a', Value: '1' },
  ];
  const data = { MetricName: 'x', Dimensions, Values: [1, 2], Counts: [3, 1] };
  await metrics('PutMetricData', { Namespace, MetricData: [data] });
  const names = async (input: object) =>
    (await metrics('ListMetrics', input)).body.Metrics.map((metric: { MetricName: string }) => metric.MetricName);

  expect(await names({ Namespace })).toEqual(['loss', 'x']);
  expect(await names({ MetricName: 'x' })).toEqual(['x']);
  expect(await names({ Dimensions: [{ Name: 'b' }] })).toEqual(['x']);
  expect(await names({ Dimensions: [{ Name: 'b', Value: '1' }] })).toEqual([]);
  const found = await metrics('GetMetricStatistics', {
    ...{ Namespace, MetricName: 'x', Dimensions: Dimensions.toReversed(), StartTime: 0, EndTime: 4e9, Period: 60 },
    Statistics: ['SampleCount', 'Sum'],
  });
  expect(found.body.Datapoints).toMatchObject([{ SampleCount: 4, Sum: 5 }]);
});

it('CBOR has times under its tag, and a large request may be compressed', async () => {
  const { api } = await openMetrics();
  const ask = async (operation: string, body: Uint8Array, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${api.url}/service/${PREFIX}/operation/${operation}`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor', ...headers },
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, body: decode(bytes, { tags: Tagged.preserve(1) }) };
  };
  const put = { Namespace, MetricData: [{ MetricName: 'loss', Timestamp: new Tagged(1, START + 60), Value: 5.5 }] };
  const get = {
    ...{ StartTime: new Tagged(1, START + 60), EndTime: new Tagged(1, START + 120) },
    MetricDataQueries: [query('Average')],
  };

  const written = await ask('PutMetricData', gzipSync(encode(put)), { 'content-encoding': 'gzip' });
  const read = await ask('GetMetricData', encode(get));
  const wrong = await ask('GetMetricData', encode({ ...get, MetricDataQueries: [{ Id: 'x' }] }));
  const broken = await ask('GetMetricData', Buffer.from([0xbf]));

  expect(written).toMatchObject({ status: 200, body: {} });
  expect(read.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
  expect(read.body).toMatchObject({ MetricDataResults: [{ Values: [5.5], Timestamps: [new Tagged(1, START + 60)] }] });
  expect([wrong.status, wrong.headers.get('x-amzn-query-error')]).toEqual([400, 'ValidationError;Sender']);
  expect(broken.body).toMatchObject({ __type: 'SerializationException' });
});

it('the query protocol has the same operations', async () => {
  const { api } = await openMetrics();
  const scope = 'key/20260102/us-east-1/monitoring/aws4_request';

  const answer = await fetch(api.url, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({
      ...{
        Action: 'GetMetricStatistics',
        Namespace,
        MetricName: 'loss',
        Period: '60',
        'Statistics.member.1': 'Maximum',
      },
      ...{ StartTime: new Date(START * 1000).toISOString(), EndTime: new Date((START + 60) * 1000).toISOString() },
    }),
  });

  const text = await answer.text();
  expect(answer.status).toBe(200);
  expect(text).toContain(`<member><Timestamp>${new Date(START * 1000).toISOString()}</Timestamp>`);
  expect(text).toContain('<Maximum>3</Maximum>');
});

it.each([
  ['GetMetricData', { ...RANGE, MetricDataQueries: [query('Median')] }, 'InvalidParameterValue'],
  ['GetMetricData', { ...RANGE, MetricDataQueries: [query('Sum'), query('Sum')] }, 'ValidationError'],
  ['GetMetricData', { ...RANGE, MetricDataQueries: [{ Id: 'x', Expression: 'a+b' }] }, 'ValidationError'],
  ['GetMetricData', { ...RANGE, MetricDataQueries: [query('Sum', { Id: 'X' })] }, 'ValidationError'],
  ['GetMetricData', { ...RANGE, EndTime: START, MetricDataQueries: [query('Sum')] }, 'ValidationError'],
  ['GetMetricData', { ...RANGE, NextToken: 'x', MetricDataQueries: [query('Sum')] }, 'InvalidNextToken'],
  ['GetMetricStatistics', { ...RANGE, Namespace, MetricName: 'loss', Period: 60 }, 'InvalidParameterCombination'],
  [
    'GetMetricStatistics',
    { ...RANGE, Namespace, MetricName: 'loss', Period: 61, Statistics: ['Sum'] },
    'InvalidParameterValue',
  ],
  ['GetMetricStatistics', { Namespace }, 'ValidationError'],
  ['PutMetricData', { Namespace: 'AWS/own', MetricData: [] }, 'InvalidParameterValue'],
  ['PutMetricData', { Namespace, MetricData: [{ MetricName: 'x' }] }, 'InvalidParameterCombination'],
  [
    'PutMetricData',
    { Namespace, MetricData: [{ MetricName: 'x', Values: [1], Counts: [0.5] }] },
    'InvalidParameterValue',
  ],
  [
    'PutMetricData',
    { Namespace, MetricData: [{ MetricName: 'x', Values: [1], Counts: [1, 2] }] },
    'InvalidParameterCombination',
  ],
  [
    'PutMetricData',
    {
      Namespace,
      MetricData: [
        { MetricName: 'x', Values: [1], Counts: [1e9] },
        { MetricName: 'x', Value: 1 },
      ],
    },
    'InvalidParameterValue',
  ],
])('%s with %j is refused', async (operation, input, code) => {
  const { api } = await openScene();

  const { status, body } = await callTarget(api.url, `${PREFIX}.${operation}`, input);

  expect([status, body.__type]).toEqual([400, code]);
});

it('a count below 0 leaves no room for another that is too large', async () => {
  const { metrics } = await openMetrics();
  const data = (...Counts: number[]) => ({ MetricName: 'many', Values: Counts.map(() => 1), Counts });

  const { body } = await metrics('PutMetricData', { Namespace, MetricData: [data(5e9), data(-5e9)] });

  expect(body.message).toBe('The Counts of MetricData.member.2 must be whole numbers from 1; received -5000000000.');
});

it("a dimension of a job's kind may have any value", async () => {
  const { metrics } = await openMetrics();
  const metric = { MetricName: 'x', Dimensions: [{ Name: 'TrainingJobName', Value: '[a' }] };
  const jobs = { Namespace: '/aws/sagemaker/TrainingJobs' };
  await metrics('PutMetricData', { ...jobs, MetricData: [{ ...metric, Value: 1 }] });

  const { body } = await metrics('ListMetrics', jobs);

  expect(body.Metrics).toEqual([{ ...jobs, ...metric }]);
});

it('more than 1,000 values in one request are refused, and none is kept', async () => {
  const { metrics } = await openMetrics();
  const MetricData = Array.from({ length: 1001 }, () => ({ MetricName: 'many', Value: 1 }));

  const { body } = await metrics('PutMetricData', { Namespace, MetricData });

  expect(body.__type).toBe('InvalidParameterValue');
  expect((await metrics('ListMetrics', { MetricName: 'many' })).body.Metrics).toEqual([]);
});

it('metrics are listed 500 at a time', async () => {
  const { metrics } = await openMetrics();
  const MetricData = Array.from({ length: 501 }, (_, i) => ({ MetricName: `m${i}`, Value: i }));
  await metrics('PutMetricData', { Namespace: 'many', MetricData });

  const first = await metrics('ListMetrics', { Namespace: 'many' });
  const second = await metrics('ListMetrics', { Namespace: 'many', NextToken: first.body.NextToken });
  const foreign = await metrics('ListMetrics', { Namespace: 'many', NextToken: 'none' });

  const names = [first, second].map(({ body }) => body.Metrics.map((one: { MetricName: string }) => one.MetricName));
  expect(names.map(({ length }) => length)).toEqual([500, 1]);
  expect(names.flat().toSorted()).toEqual(MetricData.map(({ MetricName }) => MetricName).toSorted());
  expect(second.body.NextToken).toBeUndefined();
  expect(foreign.status).toBe(400);
});
