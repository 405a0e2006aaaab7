/** "Bring your own model": a TensorFlow.js model alone in a model directory is served as it predicts. */
import { readFileSync } from 'node:fs';
import { type ContainerRoot, makeContainerRoot, openInvocations } from '@algo/contract/testing';
import { disposeVariables, findBackend, removeBackend, type Tensor, tensor } from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { startBackend } from '../../src/backends/choose.js';
import { graphModel } from '../model/graph-model.js';
import { savedModel } from '../model/saved-model.js';

const PARQUET = new URL('../../../../packages/contract/test/fixtures/parquet/', import.meta.url);

let root: ContainerRoot;
beforeEach(() => {
  root = makeContainerRoot();
});
afterEach(() => {
  root.remove();
  if (findBackend('cpu')) removeBackend('cpu');
});

const put = (files: ReadonlyMap<string, Buffer>) => {
  for (const [name, content] of files) root.write(`model/${name}`, content);
};
const open = () => openInvocations(neuralNetwork, { root }, { ALGO_BACKEND: 'cpu' });

/** Files of a small LSTM, and what it predicts for two rows of 8 columns. */
async function recurrent(rows: readonly (readonly number[])[]) {
  const backend = await startBackend('cpu', { log: { info: () => {}, error: () => {} } });
  const model = layers.sequential();
  model.add(layers.layers.lstm({ units: 3, inputShape: [4, 2], recurrentInitializer: 'glorotNormal' }));
  model.add(layers.layers.dense({ units: 2, activation: 'softmax' }));
  const predicted = model.predict(tensor(rows.flat(), [rows.length, 4, 2])) as Tensor;
  const expected = [...predicted.dataSync()];
  const files = await savedModel(model, 2);
  disposeVariables();
  backend.close();
  return { files, expected };
}

const rows = [
  [1, 2, 3, 4, 5, 6, 7, 8],
  [-1, 0.5, 0, 0, 0.25, 1, 2, -3],
] as const;

describe('an imported model', () => {
  it('returns its outputs, as a list if there are several values', async () => {
    const { files, expected } = await recurrent(rows);
    put(files);
    const invoke = await open();

    const body = JSON.stringify({ instances: rows.map((features) => ({ features })) });
    const { status, body: answer } = await invoke({
      contentType: 'application/json',
      accept: 'application/json',
      body,
    });

    expect(status, answer).toBe(200);
    const { predictions } = JSON.parse(answer) as { predictions: { score: number[] }[] };
    expect(predictions.flatMap(({ score }) => score.map(Math.fround))).toEqual(expected);
  });

  it('answers concurrent requests with their own rows', async () => {
    put(graphModel());
    const invoke = await open();

    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        invoke({ contentType: 'text/csv', accept: 'text/csv', body: `${i},0,${i}\n` }),
      ),
    );

    expect(answers.map(({ body }) => body)).toEqual(answers.map((_, i) => `${i * 1.5}\n`));
  });

  it('refuses rows with another number of columns, naming its own', async () => {
    put(graphModel());
    const invoke = await open();

    const { status, body } = await invoke({ contentType: 'text/csv', body: '1,2\n' });

    expect(status).toBe(400);
    expect(JSON.parse(body).error.message).toMatch(/expected 3/);
  });

  it('refuses an output that it does not have', async () => {
    put(graphModel());
    const invoke = await open();

    const { status, body } = await invoke({
      contentType: 'text/csv',
      accept: 'text/csv;output=probability',
      body: '1,2,3\n',
    });

    expect(status).toBe(400);
    expect(JSON.parse(body).error).toEqual({
      code: 'E_REQUEST_OUTPUT',
      message: 'Parameter "output" of Accept must be score for an imported model; received "probability".',
    });
  });

  it('with integer inputs refuses a request with a fraction, and answers concurrent ones', async () => {
    put(graphModel({ dtype: 'DT_INT32' }));
    const invoke = await open();

    const [before, wrong, after] = await Promise.all(
      ['1,2,3\n', '1,2,0.5\n', '4,5,6\n'].map((body) => invoke({ contentType: 'text/csv', accept: 'text/csv', body })),
    );

    expect([before?.body, after?.body]).toEqual(['7.5\n', '18\n']);
    expect(wrong?.status).toBe(400);
    expect(JSON.parse(wrong!.body).error).toMatchObject({
      code: 'E_DATA_NUMBER',
      message: expect.stringContaining('Input "b" of the model takes whole numbers'),
    });
  });
});

describe('an imported model with several inputs', () => {
  /** Its inputs side by side, of which the files say that b comes first. */
  async function named(): Promise<void> {
    const inputs = ['b', 'a', 'y'].map((name) => layers.input({ shape: [1], name }));
    const joined = layers.layers.concatenate().apply(inputs) as layers.SymbolicTensor;
    const backend = await startBackend('cpu', { log: { info: () => {}, error: () => {} } });
    put(await savedModel(layers.model({ inputs, outputs: joined })));
    backend.close();
  }

  it('matches columns by name if they have names', async () => {
    await named();
    const invoke = await open();

    const parquet = readFileSync(new URL('other-names.parquet', PARQUET)); // y 1, a 2, b 3
    const answers = await Promise.all([
      invoke({ contentType: 'application/x-parquet', accept: 'text/csv', body: parquet }),
      invoke({ contentType: 'application/json', accept: 'text/csv', body: '{"instances":[{"y":1,"a":2,"b":3}]}' }),
      invoke({ contentType: 'text/csv', accept: 'text/csv', body: '3,2,1\n' }),
    ]);

    expect(answers.map(({ body }) => body)).toEqual(['3,2,1\n', '3,2,1\n', '3,2,1\n']);
  });

  it('refuses columns with other names', async () => {
    await named();
    const invoke = await open();

    const parquet = readFileSync(new URL('types.parquet', PARQUET));
    const { status, body } = await invoke({ contentType: 'application/x-parquet', body: parquet });

    expect(status).toBe(400);
    expect(JSON.parse(body).error.message).toMatch(/"?[bay]"?/);
  });
});

describe('a model directory', () => {
  it('with a Keras file is refused, with instructions to convert it', async () => {
    root.write('model/model.h5', 'x');

    await expect(open()).rejects.toThrow('model.h5 must be a TensorFlow.js model (model.json and its weights)');
  });

  it('without a model is refused, naming its files', async () => {
    root.write('model/README.md', 'not a model');

    await expect(open()).rejects.toThrow(/manifest\.json; found README\.md/);
  });

  it('with a weight file of another model is refused', async () => {
    put(graphModel());
    root.write('model/weights.bin', 'short');

    await expect(open()).rejects.toThrow('weights.bin must have 8 bytes for the weights that model.json lists');
  });
});
