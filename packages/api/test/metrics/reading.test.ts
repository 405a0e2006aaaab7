/** Readings of containers' /metrics, which people look at. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { prometheusSamples } from '../../src/metrics/prometheus-samples.js';
import { type Reading, readingOf } from '../../src/metrics/reading.js';
import { keepReadings } from '../../src/sagemaker/endpoints/readings.js';

const PAGE = `requests_total{route="/a",status="200"} 7
requests_total{route="/b",status="200"} 2
requests_total{route="/b",status="400"} 1
seconds_bucket{route="/b",le="+Inf"} 4
seconds_bucket{route="/a",le="0.5"} 2
seconds_bucket{route="/b",le="0.5"} 3
seconds_bucket{route="/a",le="0.1"} 1
seconds_bucket{route="/a",le="+Inf"} 2
seconds_bucket{route="/a",le="odd"} 9
seconds_sum{route="/a"} 0.25
seconds_count{route="/a"} 6
age_seconds{quantile="0.5"} 3
age_seconds_sum 8
memory_bytes 5
`;

describe('a reading', () => {
  it('sums the samples of a metric, by status, and has histograms as their buckets in order', () => {
    expect(readingOf(prometheusSamples(PAGE), 12)).toEqual({
      at: 12,
      values: { 'requests_total 200': 9, 'requests_total 400': 1, age_seconds_sum: 8, memory_bytes: 5 },
      histograms: {
        seconds: [
          [0.1, 1],
          [0.5, 5],
          [null, 6],
        ],
      },
    });
  });

  it('has up to 100 metrics, and up to 100 buckets of a histogram', () => {
    const many = Array.from({ length: 300 }, (_, i) => `m${i} 1\nh${i}_bucket{le="1"} 1\nh0_bucket{le="${i}"} 1\n`);
    const reading = readingOf(prometheusSamples(many.join('')), 0)!;

    expect(Object.keys(reading.values)).toHaveLength(100);
    expect(Object.keys(reading.histograms)).toHaveLength(100);
    expect(reading.histograms.h0).toHaveLength(100);
  });

  it.each(['', '<html>', '# TYPE a counter\n'])('of %j is none', (page) => {
    expect(readingOf(prometheusSamples(page), 0)).toBeUndefined();
  });
});

describe('readings that are kept', () => {
  const readingAt = (at: number): Reading => ({ at, values: { a: at }, histograms: {} });
  const clock = (now: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    onTestFinished(() => void vi.useRealTimers());
  };

  it('end with one of now for who looks, unless the last is fresh', async () => {
    clock(10_000);
    let reads = 0;
    const readings = keepReadings(async () => {
      reads++;
      return readingAt(Date.now());
    }, 60_000);

    const [first, atOnce] = await Promise.all([readings.look(), readings.look()]);
    vi.setSystemTime(11_000);
    const fresh = await readings.look();
    vi.setSystemTime(13_000);
    const later = await readings.look();

    expect([first, atOnce, fresh]).toEqual([[readingAt(10_000)], [readingAt(10_000)], [readingAt(10_000)]]);
    expect(later).toEqual([readingAt(10_000), readingAt(13_000)]);
    expect(reads).toBe(2);
  });

  it('are not tried for each look where there was nothing to read', async () => {
    clock(0);
    const times: number[] = [];
    const readings = keepReadings(async () => void times.push(Date.now()), 60_000);

    for (const now of [1, 5000, 59_000, 60_001, 62_000]) {
      vi.setSystemTime(now);
      expect(await readings.look()).toEqual([]);
    }

    expect(times).toEqual([1, 60_001]);
  });

  it('are the last 240', async () => {
    clock(0);
    const readings = keepReadings(async () => undefined, 60_000);
    for (let at = 1; at <= 300; at++) readings.keep(readingAt(at));

    const kept = await readings.look();

    expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([240, 61, 300]);
  });
});
