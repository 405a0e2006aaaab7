import { createRequire } from 'node:module';
import {
  binaryTable,
  type ContainerContents,
  checkAlgorithm,
  classTable,
  csvTable,
  openInvocations,
  openSample,
  regressionTable,
} from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { neuralNetwork } from '../src/algorithm.js';
import { historyOf, predict, useJobs, valuesOf } from './job/jobs.js';

const { folder, hyperparameters } = openSample(new URL('../../../sample-data/neural-network/', import.meta.url));
const digits = { train: folder('train'), validation: folder('validation') };

/** A backend on which a row's bits do not depend on other rows, so that the suite may compare exactly. */
const onWasm: typeof neuralNetwork = {
  ...neuralNetwork,
  load: (context) => {
    const variables = { ...context.environment.variables, ALGO_BACKEND: 'wasm' };
    return neuralNetwork.load({ ...context, environment: { ...context.environment, variables } });
  },
};

const { trainOn } = useJobs();

it('imported by the name of its package, it is the definition, and runs nothing', () => {
  const built: unknown = createRequire(import.meta.url)('@algo/neural-network'); // as Node reads it, without Vite

  expect(built).toMatchObject({ neuralNetwork: { name: 'neural-network', train: expect.any(Function) } });
});

describe('the shared rules of algorithms', () => {
  checkAlgorithm(onWasm, {
    test: it,
    // Fewer epochs than the profile has: the suite runs some twenty jobs.
    job: { hyperparameters: { ...hyperparameters, epochs: '4', backend: 'wasm' }, channels: digits },
    rows: Object.values(folder('inference/batch'))[0]!.toString().split('\n').slice(0, 4).join('\n'),
    payloads: { 'image/png': folder('inference/real-time')['11.png']! },
    metrics: { 'validation:accuracy': { atLeast: 0.9 }, 'validation:loss': { atMost: 0.3 } },
  });
});

describe('a training job', () => {
  it('writes the metrics of each epoch, and a history of them', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'regression', epochs: '15', learning_rate: '0.01' },
      channels: { train: { 'a.csv': regressionTable(600) }, validation: { 'b.csv': regressionTable(100, 2) } },
    });

    const lines = trained.lines.filter((line) => line.startsWith('epoch='));
    const history = historyOf(trained);

    expect(trained.failure).toBeUndefined();
    expect(lines).toHaveLength(15);
    expect(lines[14]).toMatch(
      /^epoch=15 learning_rate=0.01 train:loss=\S+ train:rmse=\S+ train:mae=\S+ validation:loss=\S+ validation:rmse=\S+ validation:mae=\S+$/,
    );
    expect(history).toHaveLength(15);
    expect(history[14]).toMatchObject({ epoch: 15, learning_rate: 0.01, 'validation:rmse': expect.any(Number) });
    // The labels' deviation is 2.9, their noise 0.03.
    expect(history[14]!['validation:rmse']).toBeLessThan(0.3);
  });

  it.each<[string, Record<string, string>, (rows: number, seed?: number) => string]>([
    ['binary', {}, binaryTable],
    ['multiclass', { num_classes: '3' }, classTable],
    ['regression', {}, regressionTable],
  ])('with objective %s reports the metrics that its predictions have', async (objective, more, table) => {
    const validation = table(200, 2);
    const trained = await trainOn({
      hyperparameters: { objective, epochs: '5', ...more },
      channels: { train: { 'a.csv': table(600) }, validation: { 'b.csv': validation } },
    });
    const rows = validation.trimEnd().split('\n');
    const labels = rows.map((line) => Number(line.split(',')[0]));
    const features = rows.map((line) => line.slice(line.indexOf(',') + 1)).join('\n');

    const scores = await predict(trained, features);

    const last = historyOf(trained).at(-1)!;
    if (objective === 'regression') {
      const squares = scores.map(([score], row) => (score! - labels[row]!) ** 2);
      const rmse = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 200);
      expect(last['validation:rmse']).toBeCloseTo(rmse, 4); // float32 predictions of labels up to 11
    } else {
      const right = scores.filter((row, index) => {
        const label = row.length === 1 ? Number(row[0]! > 0.5) : row.indexOf(Math.max(...row));
        return label === labels[index];
      });
      const probability = scores.map((row, index) =>
        row.length === 1 ? (labels[index] === 1 ? row[0]! : 1 - row[0]!) : row[labels[index]!]!,
      );
      const loss = probability.reduce((sum, p) => sum - Math.log(p), 0) / 200;
      expect(last['validation:accuracy']).toBeCloseTo(right.length / 200, 12);
      expect(last['validation:loss']).toBeCloseTo(loss, 4); // float32 probabilities
    }
  });

  it('learns several label columns together, each in its own unit', async () => {
    const label = ([a, b]: readonly number[]) => `${1000 * a!},${(b! - 0.5).toFixed(4)}`;
    const trained = await trainOn({
      hyperparameters: { objective: 'regression', epochs: '30', learning_rate: '0.01' },
      channels: { train: { 'a.csv': csvTable({ rows: 600, seed: 1, label }) } },
      inputDataConfig: { train: { ContentType: 'text/csv;label_size=2' } },
    });

    const [first, second] = (await predict(trained, '0.3,0.9,0.5,0.5'))[0]!;

    expect(first).toBeGreaterThan(200); // 300
    expect(first).toBeLessThan(400);
    expect(second).toBeGreaterThan(0.3); // 0.4
    expect(second).toBeLessThan(0.5);
  });

  it('learns categories with arbitrary numbers, and predicts unknown ones too', async () => {
    // The label depends on the category, whose order means nothing.
    const labels = [1, 0, 0, 1, 0, 1, 1, 0, 0, 1];
    const table = Array.from({ length: 800 }, (_, row) => `${labels[(row * 7) % 10]},${7 * ((row * 7) % 10)}\n`).join(
      '',
    );
    const contents = (more: Record<string, string>): ContainerContents => ({
      hyperparameters: { objective: 'binary', epochs: '12', learning_rate: '0.02', hidden_units: 'none', ...more },
      channels: { train: { 'a.csv': table } },
    });

    const named = await trainOn(contents({ categorical_features: '0' }));
    const numeric = await trainOn(contents({}));

    expect(named.failure).toBeUndefined();
    expect(valuesOf(named, 'train:accuracy').at(-1)).toBe(1);
    expect(valuesOf(numeric, 'train:accuracy').at(-1)).toBeLessThan(0.8); // a line cannot
    const [unknown, known] = (await predict(named, '1000\n0\n')).map(([score]) => score);
    expect(known).toBeGreaterThan(0.8);
    expect(Math.abs(unknown! - 0.5)).toBeLessThan(Math.abs(known! - 0.5));
  });

  it('ignores rows whose csv_weights weight is 0', async () => {
    const rows = binaryTable(300).trimEnd().split('\n');
    const weighted = rows.map((line) => line.replace(',', ',1,'));
    const noise = binaryTable(300, 9)
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^(.),/, (_, label) => `${1 - Number(label)},0,`));
    const job = (lines: readonly string[], more: Record<string, string> = {}): ContainerContents => ({
      hyperparameters: { objective: 'binary', epochs: '10', csv_weights: '1', learning_rate: '0.01', ...more },
      channels: {
        train: { 'a.csv': `${lines.join('\n')}\n` },
        validation: { 'b.csv': `${weighted.join('\n')}\n` },
      },
    });

    const mixed = await trainOn(job([...weighted, ...noise]));
    const misled = await trainOn(job([...weighted, ...noise.map((line) => line.replace(',0,', ',3,'))]));

    expect(valuesOf(mixed, 'validation:accuracy').at(-1)).toBeGreaterThan(0.85);
    expect(valuesOf(misled, 'validation:accuracy').at(-1)).toBeLessThan(0.5);
  });

  it('with class_weights=balanced finds a rare class', async () => {
    const label = (_: readonly number[], uniform: () => number) => String(Number(uniform() < 0.1));
    const table = csvTable({ rows: 2000, seed: 1, label });
    const probability = async (more: Record<string, string>) => {
      const trained = await trainOn({
        hyperparameters: { objective: 'binary', epochs: '8', learning_rate: '0.01', hidden_units: 'none', ...more },
        channels: { train: { 'a.csv': table } },
      });
      const score = (await predict(trained, '0.5,0.5,0.5,0.5'))[0]![0];
      return score!;
    };

    const plain = await probability({});
    const balanced = await probability({ class_weights: 'balanced' });
    const given = await probability({ class_weights: '1,36' });

    // Odds of 1 : 9 times the ratio of weights, 9 and 36. Nothing else is there to learn but noise.
    expect(Math.abs(plain - 0.1)).toBeLessThan(0.06);
    expect(Math.abs(balanced - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(given - 0.8)).toBeLessThan(0.1);
  });

  it('follows its learning-rate schedule', async () => {
    const rates = async (more: Record<string, string>) =>
      valuesOf(
        await trainOn({
          hyperparameters: { objective: 'regression', epochs: '6', learning_rate: '0.01', ...more },
          channels: { train: { 'a.csv': regressionTable(64) } },
        }),
        'learning_rate',
      );

    const stepped = await rates({ lr_schedule: 'step', lr_step_factor: '0.5' });
    const warm = await rates({ warmup_epochs: '3' });
    const cosine = await rates({ lr_schedule: 'cosine' });

    expect(stepped).toEqual([0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025]); // two epochs are a third of six
    expect(warm.map((rate) => Number(rate.toFixed(5)))).toEqual([0.00333, 0.00667, 0.01, 0.01, 0.01, 0.01]);
    expect(cosine[2]).toBeCloseTo((0.01 * (1 + Math.cos((Math.PI * 5) / 12))) / 2, 6); // 2 steps per epoch: the 6th of 12
    expect(cosine[5]).toBeLessThan(0.0005);
  });

  it.each<[string, Record<string, string>]>([
    ['l2', { l2: '3' }],
    ['l1', { l1: '1' }],
    ['weight_decay', { optimizer: 'adamw', weight_decay: '10' }],
  ])('shrinks weights by %s', async (_, more) => {
    const job = (given: Record<string, string>): ContainerContents => ({
      hyperparameters: { objective: 'regression', epochs: '10', learning_rate: '0.01', ...given },
      channels: { train: { 'a.csv': regressionTable(300) } },
    });
    const spread = (rows: readonly (readonly number[])[]) => Math.abs(rows[0]![0]! - rows[1]![0]!);
    const ends = '0.1,0.5,0.5,0.5\n0.9,0.5,0.5,0.5\n';

    const free = spread(await predict(await trainOn(job({})), ends));
    const held = spread(await predict(await trainOn(job(more)), ends));

    expect(free).toBeGreaterThan(6); // 10 · 0.8
    expect(held).toBeLessThan(free / 2);
  });

  it('gives the same model for the same seed, another for another', async () => {
    const job = (seed: string): ContainerContents => ({
      hyperparameters: { objective: 'binary', epochs: '3', dropout: '0.3', seed },
      channels: { train: { 'a.csv': binaryTable(300) } },
    });

    const models = [await trainOn(job('4')), await trainOn(job('4')), await trainOn(job('5'))].map(({ model }) =>
      model.get('weights.bin'),
    );

    expect(models[1]).toEqual(models[0]);
    expect(models[2]).not.toEqual(models[0]);
  });

  it('reads libsvm requests with the index base of the training data', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => `${index % 2} 1:${index % 2} 2:${index % 7}`).join('\n');
    const trained = await trainOn({
      hyperparameters: { objective: 'binary', epochs: '10', learning_rate: '0.02' },
      channels: { train: { 'a.libsvm': rows } },
      inputDataConfig: { train: { ContentType: 'text/libsvm;index_base=1' } },
    });
    const invoke = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'wasm' });

    const sparse = await invoke({ contentType: 'text/libsvm', body: '1:1 2:3\n2:3\n' });
    const dense = await invoke({ contentType: 'text/csv', body: '1,3\n0,3\n' });

    expect(sparse.status, sparse.body).toBe(200);
    expect(sparse.body).toBe(dense.body);
    expect(Number(dense.body.split('\n')[0])).toBeGreaterThan(0.8);
  });

  it('gives each of 300 concurrent requests its own rows, however they are batched', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'binary', epochs: '3' },
      channels: { train: { 'a.csv': binaryTable(300) } },
    });
    const plain = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'cpu' });
    const batching = { ALGO_BATCH_MAX_DELAY_MS: '0.5', ALGO_BATCH_MAX_ROWS: '16' };
    const batched = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'cpu', ...batching });
    const bodies = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 1 + (i % 40) }, (_row, row) => `0.${i},${row / 40},0.5,0.${i % 7}\n`).join(''),
    );

    const answers = await Promise.all(bodies.map((body) => batched({ contentType: 'text/csv', body })));

    for (const [i, { body }] of answers.entries()) {
      const expected = (await plain({ contentType: 'text/csv', body: bodies[i]! })).body.split('\n').map(Number);
      const found = body.split('\n').map(Number);
      expect(found).toHaveLength(expected.length);
      // Rows of other batches are summed in another order, in float32.
      for (const [row, value] of found.entries()) expect(value).toBeCloseTo(expected[row]!, 5);
    }
  });

  it('logs which metric is undefined for the rows, and continues', async () => {
    const trained = await trainOn({
      hyperparameters: { objective: 'binary', epochs: '2' },
      channels: {
        train: { 'a.csv': binaryTable(100) },
        validation: { 'b.csv': '1,0.9,0.9,0.9,0.9\n1,0.8,0.8,0.8,0.8\n' },
      },
    });

    expect(trained.exitCode).toBe(0);
    expect(trained.lines.join('\n')).toContain('validation:auc: not defined for these rows');
    expect(trained.lines.filter((line) => line.includes('validation:loss='))).toHaveLength(2);
  });

  it.each<[string, Record<string, string>, Record<string, Record<string, string>>, string]>([
    [
      'early stopping without validation data',
      { objective: 'binary', early_stopping_patience: '1' },
      { train: { 'a.csv': '1,2\n' } },
      'Channel "validation" is required with hyperparameter "early_stopping_patience"',
    ],
    [
      'a label outside the classes',
      { objective: 'multiclass', num_classes: '2' },
      { train: { 'a.csv': '0,1\n2,2\n' } },
      'a.csv line 2: the label must be a class, 0 or 1; received 2',
    ],
    [
      'such a label in the validation data',
      { objective: 'binary' },
      { train: { 'a.csv': '0,1\n1,2\n' }, validation: { 'b.csv': '0,1\n0.5,2\n' } },
      'b.csv line 2: the label must be a class, 0 or 1; received 0.5',
    ],
    [
      'a label beyond the range of float32',
      { objective: 'regression' },
      { train: { 'a.csv': '1,2\n1e300,3\n' } },
      'train/a.csv line 2 column 1: the label must be within ±3.4028235e38, the range of float32, which the algorithm computes in; received "1e300".',
    ],
    [
      'a validation row of another width',
      { objective: 'regression' },
      { train: { 'a.csv': '1,2\n3,4\n' }, validation: { 'b.csv': '1,2,3\n' } },
      'b.csv',
    ],
    [
      'an image of another size',
      { objective: 'regression', input_shape: '2,2,1' },
      { train: { 'a.csv': '1,2,3,4\n' } },
      'must have 4 feature columns for input_shape 2,2,1; received 3',
    ],
    [
      'a categorical column that is not there',
      { objective: 'regression', categorical_features: '4' },
      { train: { 'a.csv': '1,2\n3,4\n' } },
      '"categorical_features" must name columns 0 to 0',
    ],
    ['a missing value', { objective: 'regression' }, { train: { 'a.csv': '1,2\n3,\n' } }, 'a.csv line 2 column 2'],
    [
      'weights of classes that leave nothing to learn',
      { objective: 'binary', class_weights: '0,1' },
      { train: { 'a.csv': '0,2\n0,3\n' } },
      '"class_weights" must be above 0 for a class that channel "train" has',
    ],
    [
      'a learning rate that makes the loss infinite',
      { objective: 'regression', optimizer: 'sgd', learning_rate: '10', hidden_units: '64,64' },
      { train: { 'a.csv': regressionTable(200) } },
      'The loss must stay a finite number; it is',
    ],
  ])('refuses %s', async (_, hyperparameters, channels, message) => {
    const trained = await trainOn({ hyperparameters, channels });

    expect(trained.exitCode).toBe(1);
    expect(trained.failure).toContain(message);
    expect(trained.model.size).toBe(0);
  });
});
