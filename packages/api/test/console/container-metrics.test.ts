/** What an endpoint's page shows of its containers' metrics. */
import { describe, expect, it } from 'vitest';
import {
  addReadings,
  lastTime,
  percentileOf,
  tilesOf,
  timeChartsOf,
} from '../../console/src/state/container-metrics.js';
import type { ContainerMetrics } from '../../src/console/answers.js';
import { deploy, invoke, variant } from '../support/endpoint.js';
import { openScene } from '../support/scene.js';

type Reading = ContainerMetrics['readings'][number];

const reading = (at: number, values: Reading['values'], histograms: Reading['histograms'] = {}): Reading => ({
  ...{ at, values, histograms },
});
const buckets = (...counts: number[]): Reading['histograms'] => ({
  algo_request_duration_seconds: [
    [0.01, counts[0]!],
    [0.1, counts[1]!],
    [null, counts[2]!],
  ],
});

describe('a percentile of a histogram', () => {
  it.each([
    [
      'is within its bucket',
      [
        [0.1, 4],
        [0.2, 8],
        [null, 8],
      ],
      75,
      0.15,
    ],
    [
      'is the bound that just as many are up to',
      [
        [0.1, 4],
        [0.2, 8],
        [null, 8],
      ],
      50,
      0.1,
    ],
    [
      'is between 0 and the first bound',
      [
        [0.1, 4],
        [null, 4],
      ],
      50,
      0.05,
    ],
    [
      'is the last bound for what is above it',
      [
        [0.1, 1],
        [0.2, 2],
        [null, 10],
      ],
      99,
      0.2,
    ],
    [
      'is the first bound where that is below 0',
      [
        [-1, 4],
        [null, 4],
      ],
      50,
      -1,
    ],
    [
      'of nothing is none',
      [
        [0.1, 0],
        [null, 0],
      ],
      50,
      undefined,
    ],
    ['without bounds is none', [[null, 3]], 50, undefined],
    ['without buckets is none', [], 50, undefined],
  ] as const)('%s', (_, counts, percent, value) => {
    const found = percentileOf(counts, percent);

    if (value === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(value, 12);
  });
});

describe('the numbers', () => {
  it('are the last values, by status, with units, and percentiles of all requests', () => {
    const last = {
      ...{ 'algo_requests_total 200': 9, 'algo_requests_total aborted': 1, algo_queue_length: 0, algo_info: 1 },
      ...{ process_resident_memory_bytes: 52_000_000, algo_model_load_seconds: 0.25, own_value: 1.5 },
    };

    expect(tilesOf([reading(1, { own_value: 1 }), reading(2, last, buckets(5, 10, 10))])).toEqual([
      ['Latency, p50', '10 ms'],
      ['Latency, p90', '82 ms'],
      ['Latency, p99', '98.2 ms'],
      ['Requests, 200', '9'],
      ['Requests, aborted', '1'],
      ['Queue', '0'],
      ['Memory', '52 MB'],
      ['Model load', '250 ms'],
      ['own_value', '1.5'],
    ]);
    expect(tilesOf([])).toEqual([]);
  });
});

describe('the charts', () => {
  it('are rates of counters, percentiles between readings, and values of the others', () => {
    const readings = [
      reading(10_000, { 'algo_requests_total 200': 4, algo_queue_length: 1, own_bytes: 2e6 }, buckets(4, 4, 4)),
      reading(12_000, { 'algo_requests_total 200': 8, algo_queue_length: 3, own_bytes: 3e6 }, buckets(4, 8, 8)),
      reading(
        14_000,
        { 'algo_requests_total 200': 8, 'algo_requests_total 400': 3, algo_queue_length: 0, own_bytes: 4e6 },
        buckets(4, 8, 8),
      ),
    ];

    const charts = timeChartsOf(readings);

    expect(charts.map(({ title, times }) => [title, times])).toEqual([
      ['Latency, ms', [12, 14]],
      ['Requests per second', [12, 14]],
      ['Requests that wait or are worked at', [10, 12, 14]],
      ['own_bytes, MB', [10, 12, 14]],
    ]);
    expect(charts[0]!.series.map(({ name }) => name)).toEqual(['p50', 'p90', 'p99']);
    expect(charts[0]!.series[0]!.values[0]).toBeCloseTo(55, 9);
    expect(charts[0]!.series[0]!.values[1]).toBeNull();
    expect(charts.slice(1).map(({ series }) => series)).toEqual([
      [
        { name: '200', values: [2, 0] },
        { name: '400', values: [0, 1.5] },
      ],
      [{ name: 'Queue', values: [1, 3, 0] }],
      [{ name: 'own_bytes', values: [2, 3, 4] }],
    ]);
  });

  it('begin again at 0 with a server that was started again', () => {
    const readings = [
      reading(1000, { algo_rows_total: 100 }, buckets(50, 100, 100)),
      reading(2000, { algo_rows_total: 6 }, buckets(6, 6, 6)),
    ];

    const [latency, rows] = timeChartsOf(readings);

    expect(rows!.series).toEqual([{ name: 'Rows', values: [6] }]);
    expect(latency!.series[0]!.values[0]).toBeCloseTo(5, 9);
  });

  it('need two readings, and are eight at most', () => {
    const values = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`m${i}`, i]));

    expect(timeChartsOf([])).toEqual([]);
    expect(timeChartsOf([reading(1, values)])).toEqual([]);
    expect(timeChartsOf([reading(1, values), reading(2, values)])).toHaveLength(8);
  });
});

describe('readings that come', () => {
  it('follow those that are there, by variant and container', () => {
    const place = { variant: 'a', container: 'primary' };
    const known = [
      { ...place, readings: [reading(1, {})] },
      { ...place, variant: 'gone', readings: [reading(9, {})] },
    ];
    const fresh = [
      { ...place, readings: [reading(2, {})] },
      { ...place, variant: 'b', readings: [reading(3, {})] },
    ];

    const all = addReadings(known, fresh);

    expect(all.map(({ variant, readings }) => [variant, readings.map(({ at }) => at)])).toEqual([
      ['a', [1, 2]],
      ['b', [3]],
    ]);
    expect([lastTime(all), lastTime([])]).toEqual([3, 0]);
  });

  it('are asked of the containers that serve, after a time', async () => {
    const scene = await openScene();
    await deploy(scene, { METRICS: 'yes' });
    const ask = async (endpoint: string, after = '0') => {
      const query = new URLSearchParams({ endpoint, after });
      const response = await fetch(`${scene.api.url}/_console/container-metrics?${query}`);
      return { status: response.status, body: (await response.json()) as readonly ContainerMetrics[] };
    };
    for (let i = 0; i < 2; i++) await invoke(scene.api.url, 'end', '5');

    const { body } = await ask('end');
    const [last] = body[0]!.readings;
    const newer = await ask('end', String(last!.at));

    expect(body).toMatchObject([{ variant: 'AllTraffic', container: 'primary' }]);
    expect(last).toMatchObject({
      values: { 'algo_requests_total 200': 2, own_value: 1.5 },
      histograms: {
        algo_request_duration_seconds: [
          [0.01, 1],
          [0.1, 2],
          [null, 2],
        ],
      },
    });
    expect(newer.body[0]!.readings.filter(({ at }) => at <= last!.at)).toEqual([]);
    expect((await ask('other')).body).toEqual([]);
    expect((await ask('end', 'x')).status).toBe(400);
  });

  it('are none of a container without metrics, and of one that is not to be observed', async () => {
    const scene = await openScene();
    const ask = async () => (await fetch(`${scene.api.url}/_console/container-metrics?endpoint=end`)).json();
    await deploy(scene);
    const without = await ask();
    await scene.call('DeleteEndpoint', { EndpointName: 'end' });
    await scene.call('CreateEndpointConfig', {
      ...{ EndpointConfigName: 'quiet', MetricsConfig: { EnableDetailedObservability: false } },
      ProductionVariants: [variant()],
    });
    await scene.untilRefused('DescribeEndpoint', { EndpointName: 'end' });
    await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'quiet' });
    await scene.until('DescribeEndpoint', { EndpointName: 'end' }, (body) => body.EndpointStatus === 'InService');

    expect(without).toEqual([{ variant: 'AllTraffic', container: 'primary', readings: [] }]);
    expect(await ask()).toEqual([]);
  });
});
