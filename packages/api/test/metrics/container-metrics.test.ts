/** Metrics that endpoints' containers have: in their logs, and on /metrics. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { embeddedMetrics } from '../../src/metrics/embedded-metrics.js';
import type { Metric, MetricValue } from '../../src/metrics/metric-store.js';
import { prometheusSamples } from '../../src/metrics/prometheus-samples.js';
import { readOnce, type Scrape, scrapeOf, startScraping } from '../../src/sagemaker/endpoints/scrape.js';
import { deploy, invoke, variant } from '../support/endpoint.js';
import { openScene } from '../support/scene.js';

const PAGE = `# HELP algo_requests_total Requests.
# TYPE algo_requests_total counter
algo_requests_total{route="/a\\"b\\\\c\\n",status="200"} 7
algo_seconds_bucket{le="0.1"} 3
algo_seconds_sum 0.25 1395066363000
algo_load NaN
algo_limit +Inf
nonsense here
`;

const embedded = (root: object, Dimensions: string[][] = [['Algorithm']]) => {
  const Metrics = [{ Name: 'Requests', Unit: 'Count' }, { Name: 'Missing' }];
  const CloudWatchMetrics = [{ Namespace: 'acme', Dimensions, Metrics }];
  return JSON.stringify({ _aws: { Timestamp: 1_700_000_000_000, CloudWatchMetrics }, Algorithm: 'sum', ...root });
};

describe('a line in the Embedded Metric Format', () => {
  it('becomes values of its metrics, by each set of dimensions', () => {
    const line = embedded({ Requests: [3, 4], Zone: 'b' }, [['Zone', 'Algorithm'], []]);

    const metric = { namespace: 'acme', name: 'Requests', at: 1_700_000_000 };
    const dimensions = [
      { Name: 'Algorithm', Value: 'sum' },
      { Name: 'Zone', Value: 'b' },
    ];
    expect(embeddedMetrics(line)).toEqual([
      { ...metric, dimensions, value: 3 },
      { ...metric, dimensions, value: 4 },
      { ...metric, dimensions: [], value: 3 },
      { ...metric, dimensions: [], value: 4 },
    ]);
  });

  it.each(['model ready in 0.1 s', '{"_aws":', '{"_aws":{"Timestamp":"now"}}', 'x {"_aws":{}}'])(
    'is none where its form is another: %s',
    (line) => {
      expect(embeddedMetrics(line)).toEqual([]);
    },
  );

  it('is in GetMetricData when a container has written it', async () => {
    const scene = await openScene();
    await deploy(scene, { EMBEDDED: embedded({ Requests: 5 }) });
    await invoke(scene.api.url, 'end', '5');

    const query = { Namespace: 'acme', MetricName: 'Requests', Dimensions: [{ Name: 'Algorithm', Value: 'sum' }] };
    const sums = async () => {
      const response = await fetch(scene.api.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-amz-json-1.0',
          'X-Amz-Target': 'GraniteServiceVersion20100801.GetMetricStatistics',
        },
        body: JSON.stringify({
          ...query,
          ...{ StartTime: 1_699_999_980, EndTime: 1_700_000_040, Period: 60, Statistics: ['Sum'] },
        }),
      });
      const { Datapoints } = (await response.json()) as { Datapoints?: { Sum: number }[] };
      return Datapoints?.map(({ Sum }) => Sum);
    };
    await expect.poll(sums).toEqual([5]);
  });
});

describe('the metrics page of a container', () => {
  it('is read as samples with their labels, finite values only', () => {
    expect(prometheusSamples(PAGE)).toEqual([
      { name: 'algo_requests_total', labels: { route: '/a"b\\c\n', status: '200' }, value: 7 },
      { name: 'algo_seconds_bucket', labels: { le: '0.1' }, value: 3 },
      { name: 'algo_seconds_sum', labels: {}, value: 0.25 },
    ]);
  });

  it('is read by default, where and as often as the model or the configuration says', () => {
    const MetricsEndpoints = [{ MetricsEndpointPath: '/own', MetricPublishFrequencyInSeconds: 30 }];

    expect(scrapeOf({}, {})).toEqual({ path: '/metrics', intervalMs: 60_000 });
    expect(scrapeOf({ MetricsConfig: { MetricPublishFrequencyInSeconds: 10 } }, {})?.intervalMs).toBe(10_000);
    expect(scrapeOf({}, { ContainerMetricsConfig: { MetricsEndpoints } })).toEqual({
      path: '/own',
      intervalMs: 30_000,
    });
    expect(scrapeOf({ MetricsConfig: { EnableDetailedObservability: false } }, {})).toBeUndefined();
  });

  it('is kept without buckets, by endpoint and variant, again and again until the servers end', async () => {
    let status = 200;
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/metrics' ? status : 404).end(PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const added: (Metric & MetricValue)[] = [];
    const twice = Promise.withResolvers<void>();
    const scrape: Scrape = {
      ...{ endpointName: 'end', variantName: 'main', path: '/metrics', intervalMs: 1 },
      url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      add(values) {
        added.push(...values);
        if (added.length >= 4) twice.resolve();
      },
    };

    const stop = new AbortController();
    startScraping(scrape, stop.signal);
    await twice.promise;
    stop.abort();
    status = 404;
    const refused = await readOnce(scrape);
    const ended = await readOnce({ ...scrape, url: () => undefined });

    const of = { EndpointName: 'end', VariantName: 'main' };
    const shown = ({ name, dimensions, value }: Metric & MetricValue) => [
      ...[name, Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])), value],
    ];
    expect(added.slice(0, 2).map(shown)).toEqual([
      ['algo_requests_total', { ...of, route: '/a"b\\c\n', status: '200' }, 7],
      ['algo_seconds_sum', of, 0.25],
    ]);
    expect([refused, ended]).toEqual([0, 0]);
  });

  it('is asked for by the configuration, unless it says not to', async () => {
    const scene = await openScene();
    await deploy(scene);
    const create = (name: string, MetricsConfig: object) =>
      scene.call('CreateEndpointConfig', {
        ...{ EndpointConfigName: name, MetricsConfig, ProductionVariants: [variant()] },
      });

    const refused = await create('odd', { MetricPublishFrequencyInSeconds: 7 });
    await create('quiet', { EnableDetailedObservability: false });
    const described = async (EndpointConfigName: string) =>
      (await scene.call('DescribeEndpointConfig', { EndpointConfigName })).body.MetricsConfig;

    expect(await described('config')).toEqual({ EnableDetailedObservability: true });
    expect(await described('quiet')).toEqual({ EnableDetailedObservability: false });
    expect(refused.body.message).toBe(
      'MetricsConfig.MetricPublishFrequencyInSeconds must be one of 10, 30, 60, 120, 180, 240, 300; received 7.',
    );
  });
});
