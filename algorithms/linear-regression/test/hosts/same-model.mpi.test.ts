/** A job on several hosts ends with the model and the summary of one host that has all rows, to the byte. */
import { fileURLToPath } from 'node:url';
import { type ContainerContents, type HostResult, useHosts } from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { afterEach, describe, expect, it } from 'vitest';
import { certified, expectCertified, hyperparametersOf, linesOf } from '../support/nist.js';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const { train } = useHosts({ afterEach });

type Hyperparameters = Readonly<Record<string, string>>;
type Files = Readonly<Record<string, string>>;

/** Lines of CSV for each host, in their order; `split` has the numbers of lines. */
function shardsOf(lines: readonly string[], split: readonly number[]): Files[] {
  let end = 0;
  return split.map((rows) => {
    end += rows;
    return rows === 0 ? {} : { 'part.csv': `${lines.slice(end - rows, end).join('\n')}\n` };
  });
}

async function completed(hosts: readonly ContainerContents[], hyperparameters: Hyperparameters, distribution: string) {
  const results = await train({
    program: PROGRAM,
    hosts,
    hyperparameters,
    inputDataConfig: Object.fromEntries(
      Object.keys(hosts[0]!.channels!).map((name) => [name, { S3DistributionType: distribution }]),
    ),
  });
  const said = results.map(({ lines }) => lines.join('\n')).join('\n');
  expect(
    results.map(({ exitCode }) => exitCode),
    said,
  ).toEqual(hosts.map(() => 0));
  for (const { model, outputs } of results.slice(1)) expect([model.size, outputs.size]).toEqual([0, 0]);
  return results[0]!;
}

const shardedTraining = (shards: readonly Files[], hyperparameters: Hyperparameters) =>
  completed(
    shards.map((files) => ({ channels: { train: files } })),
    hyperparameters,
    'ShardedByS3Key',
  );

function metricsOf({ lines }: HostResult): [name: string, value: number][] {
  return lines.flatMap((line) =>
    [...line.matchAll(/((?:train|validation):\w+)=(\S+)/g)].map(([, name, value]): [string, number] => [
      name!,
      Number(value),
    ]),
  );
}

function expectSame(result: HostResult, alone: HostResult): void {
  expect([...result.model.keys()]).toEqual([...alone.model.keys()]);
  expect(String(result.model.get('model.json'))).toBe(String(alone.model.get('model.json')));
  expect(String(result.outputs.get('summary.json'))).toBe(String(alone.outputs.get('summary.json')));
  const [metrics, expected] = [metricsOf(result), metricsOf(alone)];
  expect(metrics.map(([name]) => name)).toEqual(expected.map(([name]) => name));
  for (const [i, [name, value]] of metrics.entries()) {
    expect(Math.abs(value - expected[i]![1]), name).toBeLessThanOrEqual(1e-9 * Math.abs(expected[i]![1]));
  }
}

describe('the problems of NIST StRD, divided over hosts', () => {
  it.each(Object.entries(certified))('%s: the digits and the bytes of one host', async (name, problem) => {
    const lines = linesOf(name);
    const hyperparameters = hyperparametersOf(problem);
    const alone = await shardedTraining([{ 'all.csv': `${lines.join('\n')}\n` }], hyperparameters);
    for (const split of [
      [3, lines.length - 3],
      [Math.floor(lines.length / 3), 1, lines.length - 1 - Math.floor(lines.length / 3)],
    ]) {
      const result = await shardedTraining(shardsOf(lines, split), hyperparameters);
      expectCertified(JSON.parse(String(result.outputs.get('summary.json'))), problem);
      expectSame(result, alone);
    }
  });
});

/** Label, weight and three features; numbers of very different sizes. */
const random = createRandom(5);
const LINES = Array.from({ length: 1200 }, (_, row) => {
  const [a, b, c] = [random.uniform(), random.uniform() * 1e-9, Math.round(random.uniform() * 1e9)];
  const label = 3 * a + 1e9 * b - 2e-9 * c + random.uniform() / 10;
  return [row % 400 === 7 ? 1e40 * label : label, row % 3, a, b, c].join(',');
});

describe.each<[string, Hyperparameters]>([
  ['least squares with weights', { csv_weights: '1' }],
  ['ridge of powers', { method: 'ridge', l2: '0.5', polynomial_degree: '3' }],
  ['elastic net', { method: 'elastic-net', l1: '3', l2: '1', csv_weights: '1' }],
  ['intervals', { prediction_interval: '0.9', fit_intercept: 'false' }],
])('%s', (_, hyperparameters) => {
  it('is the same on 1 to 4 hosts, of which one has no rows', async () => {
    const alone = await shardedTraining(shardsOf(LINES, [LINES.length]), hyperparameters);
    for (const split of [
      [700, 500],
      [0, 1199, 1],
      [1, 0, 599, 600],
    ]) {
      expectSame(await shardedTraining(shardsOf(LINES, split), hyperparameters), alone);
    }
  });
});

it('every host takes its share of rows that all have, for the metrics of a validation channel, too', async () => {
  const files = { 'a.csv': LINES.slice(0, 500).join('\n'), 'b.csv': LINES.slice(500).join('\n') };
  const channels = { train: files, validation: { 'c.csv': LINES.slice(100, 500).join('\n') } };
  const [alone, together] = [
    await completed([{ channels }], {}, 'FullyReplicated'),
    await completed([{ channels }, { channels }, { channels }], {}, 'FullyReplicated'),
  ];

  expectSame(together, alone);
  expect(metricsOf(together).map(([name]) => name)).toContain('validation:rmse');
  expect(together.lines).toContain('read rows=1200, columns=4; this host has 512 of the rows');
});

it.each(['theil-sen', 'robust-polynomial', 'exponential'])('curves, from the rows of all hosts: %s', async (method) => {
  const lines = Array.from({ length: 300 }, (_, i) => `${(1 + i / 300) ** 2 + random.uniform() / 5},${i / 300}`);
  const channels = { train: { 'a.csv': lines.join('\n') } };
  const alone = await completed([{ channels }], { method }, 'FullyReplicated');

  expectSame(await completed([{ channels }, { channels }], { method }, 'FullyReplicated'), alone);
  expectSame(await shardedTraining(shardsOf(lines, [100, 0, 200]), { method }), alone);
});

it('shards with weights that come through pipes, of which each host has its own', async () => {
  const hyperparameters = { csv_weights: '1' };
  const alone = await shardedTraining(shardsOf(LINES, [LINES.length]), hyperparameters);
  const config = { S3DistributionType: 'ShardedByS3Key', TrainingInputMode: 'Pipe' };

  const [leader] = await train({
    ...{ program: PROGRAM, hyperparameters, inputDataConfig: { train: config } },
    hosts: shardsOf(LINES, [500, 0, 700]).map((files) => ({ channels: { train: files } })),
  });

  expectSame(leader!, alone);
});

describe('hosts refuse', () => {
  const hosts = [{ 'a.csv': '1,2,3\n4,5,7\n' }, { 'b.csv': '1,2\n3,4\n' }];

  it('rows of another width, with the names of both', async () => {
    const results = await train({
      program: PROGRAM,
      hosts: hosts.map((files) => ({ channels: { train: files } })),
      inputDataConfig: { train: { S3DistributionType: 'ShardedByS3Key' } },
    });

    const sentence =
      'train/b.csv line 1 of host 127.0.0.2: rows must have 2 feature columns as in train/a.csv line 1 of host 127.0.0.1; received 1 feature column.';
    for (const { exitCode, failure } of results) {
      expect(exitCode).toBe(1);
      expect(failure).toContain(sentence);
    }
  });

  it.each([
    [
      'train',
      { train: '1,2\n3,x\n', validation: '1,2\n' },
      'train/b.csv line 2 column 2: expected a number; received "x".',
    ],
    [
      'train',
      { train: '1,-1,2\n', validation: '1,1,2\n' },
      'train/b.csv line 1 column 2: the sample weight must be a finite number ≥ 0; received "-1".',
    ],
    [
      'validation',
      { train: '1,2\n', validation: '1,2\n1,\n' },
      'validation/b.csv line 2 column 2: the value must not be missing; received "".',
    ],
  ])('a row of channel %s with its place, and the name of the host on all of them', async (_, own, reason) => {
    const csv_weights = reason.includes('weight') ? '1' : '0';
    const good = csv_weights === '1' ? '1,1,2\n2,1,5\n3,1,7\n' : '1,2\n2,5\n3,7\n';
    const config = { S3DistributionType: 'ShardedByS3Key' };
    const results = await train({
      ...{ program: PROGRAM, hyperparameters: { csv_weights }, inputDataConfig: { train: config, validation: config } },
      hosts: [
        { channels: { train: { 'a.csv': good }, validation: { 'a.csv': good } } },
        { channels: { train: { 'b.csv': own.train }, validation: { 'b.csv': own.validation } } },
      ],
    });

    for (const { exitCode, failure } of results) {
      expect(exitCode).toBe(1);
      expect(failure).toContain(`ClientError: Host 127.0.0.2 failed: ${reason}`);
    }
  });

  it('a channel without rows on any of them', async () => {
    const results = await train({
      program: PROGRAM,
      hosts: [{}, {}].map(() => ({ inputDataConfig: { train: { S3DistributionType: 'ShardedByS3Key' } } })),
    });

    for (const { failure } of results) expect(failure).toContain('Channel "train" must have rows; received none.');
  });
});
