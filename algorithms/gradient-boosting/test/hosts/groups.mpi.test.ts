/** A job whose instance groups have different channels ends with the model of one host that has all of them, to the byte. */
import { type ContainerContents, type HostResult, useHosts } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { expectSuccess, MODEL, PROGRAM } from './jobs.js';
import { denseLines, fileOf, sparseLines, textLines } from './split-table.js';

const { train } = useHosts({ afterEach });

type Channels = NonNullable<ContainerContents['channels']>;
type Settings = Readonly<Record<string, string>>;

/** @param types of the channels; default: CSV */
function trainOn(hosts: readonly Channels[], hyperparameters: Settings, types: Settings = {}) {
  const configOf = (channels: Channels) =>
    Object.fromEntries(Object.keys(channels).map((name) => [name, { ContentType: types[name] ?? 'text/csv' }]));
  return train({
    ...{ program: PROGRAM, hyperparameters: { num_round: '4', ...hyperparameters } },
    hosts: hosts.map((channels) => ({ channels, inputDataConfig: configOf(channels), hasCheckpoints: true })),
  });
}

async function expectSame(hosts: readonly Channels[], all: Channels, hyperparameters: Settings, types?: Settings) {
  const results = await Promise.all([trainOn(hosts, hyperparameters, types), trainOn([all], hyperparameters, types)]);
  for (const hosts of results) expectSuccess(hosts);
  const [together, alone] = results.map(([leader]) => leader!) as [HostResult, HostResult];
  for (const [name, content] of [...alone.model, ...alone.outputs]) {
    if (name === '.manifest.json') continue;
    expect((together.model.get(name) ?? together.outputs.get(name))?.equals(content), name).toBe(true);
  }
  return alone.model.get(MODEL)!;
}

const dense = (rows: number, seed: number) =>
  fileOf(denseLines(rows, ([a, b], noise) => Number(a! + 4 * b! + 4 * noise > 7), seed));
const BINARY = { objective: 'binary:logistic' };

it('one group has the rows to learn from, another those that stop it, a third none; then all continue from the model, which each must have', async () => {
  const [train, validation] = [dense(900, 1), dense(300, 9)];
  const hyperparameters = { ...BINARY, num_round: '40', eta: '1', early_stopping_rounds: '3', eval_metric: 'auc' };
  const bytes = await expectSame([{ validation }, { train }, {}], { train, validation }, hyperparameters);
  const model = { [MODEL]: bytes };
  const types = { model: 'application/x-sagemaker-model' };
  await expectSame([{ model }, { train, model }], { train, model }, BINARY, types);

  for (const { failure } of await trainOn([{ train }, { model }], BINARY, types)) {
    expect(failure).toContain('Channel "model" must be on all hosts, since each continues from the model;');
  }
});

it('hosts that all have a channel share its rows, and folds are of the rows of all channels', async () => {
  const [train, validation] = [dense(900, 1), dense(300, 9)];
  await expectSame([{ train }, { validation }, { train }], { train, validation }, { ...BINARY, subsample: '0.6' });
  await expectSame([{ train }, { validation }, { train }], { train, validation }, { ...BINARY, _kfold: '2' });
});

it('categories, and a type that only files show, are those of the group that has them', async () => {
  const text = { objective: 'multi:softprob', max_cat_to_onehot: '5' };
  const [words, other] = [fileOf(textLines(600)), fileOf(textLines(200, 8))];
  await expectSame(
    [{}, { train: words, validation: other }, { train: words }],
    { train: words, validation: other },
    text,
  );
  const sparse = fileOf(sparseLines(300, 40));
  await expectSame([{}, { train: sparse }], { train: sparse }, {}, { train: '' });
});
