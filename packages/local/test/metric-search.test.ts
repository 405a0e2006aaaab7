import { describe, expect, it, onTestFinished } from 'vitest';
import type { MetricDefinition } from '../src/index.js';
import { openMetricSearch } from '../src/training/metric-search.js';
import { createMetricFinder, type MetricValue, SEARCHED_CHARS } from '../src/training/training-metrics.js';

/** For ever on a text of many `a` without a `b`. */
const ENDLESS: MetricDefinition = { Name: 'endless', Regex: '(a+)+b=([0-9]+)' };
const LOSS: MetricDefinition = { Name: 'loss', Regex: 'loss=([0-9.]+)' };
const TRAP = `${'a'.repeat(64)}!`;

function collect(definitions: readonly MetricDefinition[], limitMs?: number) {
  const metrics: MetricValue[] = [];
  const notes: string[] = [];
  const search = openMetricSearch({
    definitions,
    onMetric: (metric) => metrics.push(metric),
    onNote: (note) => notes.push(note),
    ...(limitMs && { limitMs }),
  });
  onTestFinished(() => search.close());
  return { search, metrics, notes };
}

describe('a search for metrics', () => {
  it('leaves the event loop free, drops an expression that takes too long, and finds the others in order', async () => {
    const { search, metrics, notes } = collect([ENDLESS, LOSS], 500);

    search.add('loss=3');
    search.add(`${TRAP} loss=2`);
    let turns = 0;
    const finished = search.finish().then(() => 'finished');
    const turn = () => new Promise((resolve) => setImmediate(resolve, 'turn'));
    // It cannot be finished while the event loop turns for the first times: an endless expression is at work.
    while ((await Promise.race([finished, turn()])) === 'turn') turns += 1;
    search.add('loss=1');
    await search.finish();

    expect(turns).toBeGreaterThan(10);
    expect(metrics).toEqual([3, 2, 1].map((value) => ({ name: 'loss', value })));
    expect(notes).toEqual([
      'Metric "endless" is searched no more: its regular expression "(a+)+b=([0-9]+)" took longer than 0.5 s on the last lines. Make it simpler.',
    ]);
  });

  it('says how many lines are not searched when lines come faster than they are', async () => {
    const { search, metrics, notes } = collect([LOSS]);
    const line = `loss=5${' '.repeat(1024 * 1024)}`;

    // Nothing is searched before the event loop turns; 15 such lines are less than what may wait.
    for (let i = 0; i < 17; i++) search.add(line);
    await search.finish();

    expect(metrics).toHaveLength(15);
    expect(notes).toEqual(['Metrics were not searched in 2 lines, which came faster than they can be searched.']);
  });

  it('reports nothing of what it was closed in', async () => {
    const { search, metrics, notes } = collect([LOSS]);

    search.add('loss=3');
    await search.close();
    await search.finish();

    expect({ metrics, notes }).toEqual({ metrics: [], notes: [] });
  });

  it('fails with the error of a listener', async () => {
    const search = openMetricSearch({
      definitions: [LOSS],
      onMetric: () => {
        throw new Error('no space');
      },
      onNote: () => undefined,
    });
    onTestFinished(() => search.close());

    search.add('loss=1');

    await expect(search.finish()).rejects.toThrow('no space');
  });
});

describe('the metrics of lines', () => {
  const find = createMetricFinder([LOSS, { Name: 'rows', Regex: '#011rows=(\\S+)' }], 60_000);

  it('are in the order of the lines, of one line in the order of the definitions', () => {
    expect(find(['\trows=7 loss=1', 'loss=2', 'none', 'loss=.']).metrics).toEqual([
      { name: 'loss', value: 1 },
      { name: 'rows', value: 7 },
      { name: 'loss', value: 2 },
    ]);
  });

  it('of a progress bar are the first in its line, however long it is', () => {
    const bar = Array.from({ length: 200 }, () => '='.repeat(100)).join('\r');

    expect(find([`${bar}\rloss=0.5\rloss=0.4`]).metrics).toEqual([{ name: 'loss', value: 0.5 }]);
  });

  it('are searched in the start of a long text without a carriage return', () => {
    const padding = ' '.repeat(SEARCHED_CHARS);

    expect(find([`loss=1${padding}`, `${padding}loss=2`]).metrics).toEqual([{ name: 'loss', value: 1 }]);
  });
});
