/** What the hosts of a job have: text on one of them, nothing at all, images of other classes, the same rows, rows that do not fit. */
import { binaryTable, classTable, csvTable, useHosts } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { pictures, pngOf, SIDE } from '../images/pictures.js';
import {
  cut,
  expectSameHistory,
  expectSuccess,
  type HostChannels,
  historyOf,
  hyperparameters,
  onOneHost,
  program,
  sharded,
} from './jobs.js';

const { train } = useHosts({ afterEach });

it('categories and classes that only one host has count on all, and a host may have no rows', async () => {
  const [train0, train2] = [
    csvTable({ rows: 90, seed: 1, label: ([a]) => (a! > 0.5 ? 'yes,red' : 'no,blue') }),
    csvTable({ rows: 70, seed: 2, label: ([a]) => (a! > 0.5 ? 'perhaps,red' : 'no,green') }),
  ];
  const validation = csvTable({ rows: 60, seed: 3, label: ([a]) => (a! > 0.5 ? 'perhaps,red' : 'no,green') });
  const job = sharded(
    [{ train: { 'a.csv': train0 } }, {}, { train: { 'c.csv': train2 }, validation: { 'v.csv': validation } }],
    {
      objective: 'multiclass',
    },
  );

  const several = await train(job);
  const one = await train(onOneHost(job));

  expectSameHistory(several, one);
  for (const name of ['.manifest.json', 'network.json', 'model.json']) {
    const [own, whole] = [several, one].map(([leader]) => JSON.parse(leader!.model.get(name)!.toString()));
    if (name === '.manifest.json') expect(own.categories).toEqual(whole.categories);
    if (name === 'network.json') expect(own.categoricalInputs).toEqual(whole.categoricalInputs);
  }
  expect(several.map(({ model, outputs }) => [model.size > 0, outputs.size > 0])).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);
});

it('batch normalization and dropout are those of the whole batch', async () => {
  const parts = cut(classTable(240), [3, 187, 50]);
  const job = sharded(
    parts.map((csv) => ({ train: { 'a.csv': csv } })),
    {
      ...{ objective: 'multiclass', num_classes: '3', batch_normalization: 'true', dropout: '0.3', clip_norm: '1' },
      ...{ class_weights: 'balanced', lr_schedule: 'cosine', warmup_epochs: '1', epochs: '6', batch_size: '40' },
    },
  );

  expectSameHistory(await train(job), await train(onOneHost(job)));
});

it('images of folders that other hosts do not have are classes of all', async () => {
  const all = pictures(48);
  const folders = ['ants', 'bees', 'cats'];
  const files = (labels: readonly number[], from: number) =>
    Object.fromEntries(
      all.flatMap((picture, i) =>
        labels.includes(picture.label) && i % 2 === from
          ? [[`${folders[picture.label]}/${String(i).padStart(3, '0')}.png`, pngOf(picture)]]
          : [],
      ),
    );
  const job = sharded([{ train: files([0, 1], 0) }, { train: files([1, 2], 1) }], {
    ...{ objective: 'multiclass', input_shape: `${SIDE},${SIDE},1`, convolution_filters: '4', hidden_units: '8' },
    ...{ batch_normalization: 'true', batch_size: '16' },
  });
  const images = { ...job, inputDataConfig: { train: { ...job.inputDataConfig!.train, ContentType: 'image/png' } } };
  const order = (rank: number, name: string) => `${rank}/${name}`;

  expectSameHistory(await train(images), await train(onOneHost(images, order)));
});

it('rows that every host has count once', async () => {
  const job = {
    ...{ program, hyperparameters: { ...hyperparameters, objective: 'binary', dropout: '0.2' } },
    channels: { train: { 'a.csv': binaryTable(700) }, validation: { 'b.csv': binaryTable(300, 2) } },
  };

  expectSameHistory(await train({ ...job, hosts: 2 }), await train({ ...job, hosts: 1 }));
});

it('sparse rows have the columns of all hosts, and training continues from a model on all', async () => {
  const rows = (count: number, column: number) =>
    Array.from({ length: count }, (_, i) => `${i % 2}:${1 + (i % 3)} 0:${(i % 5) + (i % 2)} ${column}:${i % 4}\n`).join(
      '',
    );
  const job = sharded([{ train: { 'a.libsvm': rows(70, 1) } }, { train: { 'b.libsvm': rows(90, 6) } }], {
    objective: 'binary',
  });
  const inputDataConfig = { train: { ...job.inputDataConfig!.train, ContentType: 'text/libsvm' } };
  const sparse = { ...job, inputDataConfig };

  const results = await train(sparse);
  expectSameHistory(results, await train(onOneHost(sparse)));
  const files = Object.fromEntries(results[0]!.model);
  const start = { inputDataConfig: { ...inputDataConfig, model: { ContentType: 'application/x-sagemaker-model' } } };
  const hosts = [job.hosts, onOneHost(job).hosts].map((all) =>
    (all as readonly { readonly channels: HostChannels }[]).map(({ channels }) => ({
      channels: { ...channels, model: files },
    })),
  );
  const [several, one] = await Promise.all(hosts.map((all) => train({ ...job, ...start, hosts: all })));

  expectSameHistory(several!, one!);
});

it('rows that do not fit are read again in each epoch, a window of all hosts after the other', async () => {
  const parts = cut(binaryTable(90_000), [60_000, 30_000]);
  const job = sharded(
    parts.map((csv) => ({ train: { 'a.csv': csv } })),
    { objective: 'binary', batch_size: '1024', data_memory_mb: '1', epochs: '2' },
  );

  const results = await train(job);
  const whole = await train(onOneHost(job));

  expectSuccess(results);
  expect(results[0]!.lines.join('\n')).toContain('is read again in every epoch');
  // Other rows meet in a batch.
  const losses = [results, whole].map(([leader]) => historyOf(leader!).at(-1)!['train:loss']!);
  expect(Math.abs(losses[0]! - losses[1]!)).toBeLessThan(0.01);
});

it('shards that come through pipes, with weights and texts, are those of files', async () => {
  const table = csvTable({ rows: 150, seed: 4, label: ([a]) => (a! > 0.5 ? '1,2,red' : '0,1,blue') });
  const job = sharded(
    cut(table, [90, 60]).map((csv) => ({ train: { 'a.csv': csv } })),
    { objective: 'binary', csv_weights: '1' },
  );
  const inputDataConfig = { train: { ...job.inputDataConfig!.train, TrainingInputMode: 'Pipe' } };

  expectSameHistory(await train({ ...job, inputDataConfig }), await train(onOneHost(job)));
});

it.each([
  ['a cell', '0,x,1\n', 'train/a.csv line 4 column 2: expected a number; received "x".'],
  ['a label', '5,1,1\n', 'train/a.csv line 4: the label must be a class, 0 or 1; received 5.'],
  ['a row that is too short', '0,1\n', 'train/a.csv line 4: expected 3 columns as on line 1; received 2.'],
])('%s that one host refuses ends the job on all, with the place and the name of the host', async (_, line, reason) => {
  const rows = '0,1,2\n1,2,3\n0,3,4\n';
  const job = sharded([{ train: { 'b.csv': rows } }, { train: { 'a.csv': `${rows}${line}` } }], {
    objective: 'binary',
  });

  for (const { exitCode, failure } of await train(job)) {
    expect(exitCode).toBe(1);
    expect(failure).toContain(`ClientError: Host 127.0.0.2 failed: ${reason}`);
  }
});
