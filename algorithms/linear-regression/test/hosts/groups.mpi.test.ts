/** A job whose instance groups have different channels ends with the model of one host that has all of them, to the byte. */
import { fileURLToPath } from 'node:url';
import { type ContainerContents, type HostResult, useHosts } from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { afterEach, expect, it } from 'vitest';

const { train } = useHosts({ afterEach });

type Channels = NonNullable<ContainerContents['channels']>;
type Hyperparameters = Readonly<Record<string, string>>;

const random = createRandom(9);
const LINES = Array.from({ length: 900 }, () => {
  const [a, b] = [random.uniform(), random.uniform() * 1e6];
  return `${3 * a - 2e-6 * b + random.uniform() / 10},${a},${b}\n`;
});
const TRAIN = { 'a.csv': LINES.slice(0, 500).join(''), 'b.csv': LINES.slice(500).join('') };
const VALIDATION = { 'c.csv': LINES.slice(100, 400).join('') };
const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

/** Each host is a group of its own. */
function trainOn(hosts: readonly Channels[], hyperparameters: Hyperparameters = {}): Promise<readonly HostResult[]> {
  const names = HOSTS.slice(0, hosts.length);
  const instance_groups = names.map((name) => ({
    ...{ instance_group_name: `group-${name}`, instance_type: 'ml.m5.large', hosts: [name] },
  }));
  return train({
    program: fileURLToPath(new URL('../../dist/main.js', import.meta.url)),
    hyperparameters,
    hosts: hosts.map((channels, rank) => ({
      channels,
      resourceConfig: { instance_groups, current_group_name: `group-${names[rank]}` },
    })),
  });
}

const metricsOf = ({ lines }: HostResult) => lines.filter((line) => /^(train|validation):/.test(line));

async function expectSame(hosts: readonly Channels[], all: Channels, hyperparameters?: Hyperparameters) {
  const results = await trainOn(hosts, hyperparameters);
  for (const { exitCode, lines } of results) expect(exitCode, lines.join('\n')).toBe(0);
  const [alone] = await trainOn([all], hyperparameters);
  const [leader] = results;
  for (const [name, content] of [...alone!.model, ...alone!.outputs]) {
    if (name !== '.manifest.json')
      expect(String(leader!.model.get(name) ?? leader!.outputs.get(name))).toBe(String(content));
  }
  expect(metricsOf(leader!).map((line) => line.replace(/=.*/, ''))).toEqual(
    metricsOf(alone!).map((line) => line.replace(/=.*/, '')),
  );
  return results;
}

it('one group has the rows to learn from, another those to validate with, a third has none', async () => {
  const results = await expectSame([{ validation: VALIDATION }, {}, { train: TRAIN }], {
    train: TRAIN,
    validation: VALIDATION,
  });

  expect(results[0]!.lines).toContain('read rows=900, columns=2; this host has 0 of the rows');
});

it.each(['ols', 'theil-sen'])(
  'hosts that all have a channel share its rows, and others get none: %s',
  async (method) => {
    const train =
      method === 'ols' ? TRAIN : { 'a.csv': LINES.map((line) => `${line.split(',').slice(0, 2)}\n`).join('') };
    const results = await expectSame(
      [{ train }, { validation: method === 'ols' ? VALIDATION : train }, { train }],
      {
        train,
        validation: method === 'ols' ? VALIDATION : train,
      },
      { method },
    );

    const shares = results.map(({ lines }) => /this host has (\d+) of the rows/.exec(lines.join('\n'))?.[1]);
    expect(shares).toEqual(['512', '0', '388']);
  },
);

it('a required channel that no group has fails on all hosts, as on one', async () => {
  const results = await trainOn([{ validation: VALIDATION }, {}]);

  for (const { exitCode, failure } of results) {
    expect(exitCode).toBe(1);
    expect(failure).toContain('Channel "train" is required; the job has channels: validation.');
  }
});

it('a metric to be tuned may be of a channel that another group has, and must be of one that some group has', async () => {
  const hyperparameters = { _tuning_objective_metric: 'validation:rmse' };
  const some = await trainOn([{ train: TRAIN }, { validation: VALIDATION }], hyperparameters);
  const none = await trainOn([{ train: TRAIN }, {}], hyperparameters);

  expect(some.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  for (const { failure } of none)
    expect(failure).toContain('Channel "validation" is required to tune "validation:rmse"');
});
