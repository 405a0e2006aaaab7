/** Several networks in one container, each in a process of its own: TensorFlow.js has one backend for all of a process. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeModel } from '@algo/contract';
import { makeContainerRoot } from '@algo/contract/testing';
import { expect, it, onTestFinished } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { writeModelFiles } from '../../src/model/index.js';
import { closeness } from '../model/closeness.js';
import { randomNetwork, randomRows } from '../model/random-network.js';
import { referencePredictions } from '../model/reference.js';
import { defineNetwork, dense } from '../support/networks.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const ROWS = 3;

const networks = [1, 2, 3].map((seed) =>
  randomNetwork(defineNetwork({ task: 'regression', columns: 4, layers: [dense('dense_1', 8)], outputCount: 1 }), seed),
);

it('networks that are loaded together and closed one by one each answer as themselves', async () => {
  const root = makeContainerRoot();
  const child = spawn(process.execPath, [PROGRAM, 'serve'], {
    env: { ...root.variables, SAGEMAKER_MULTI_MODEL: 'true', SAGEMAKER_BIND_TO_PORT: '0' },
  });
  const exited = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
    root.remove();
  });
  const port = await new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = /port=(\d+)/.exec(text)?.[1];
      if (found) resolve(found);
    });
  });
  const url = `http://127.0.0.1:${port}/models`;
  const load = async (index: number) => {
    const folder = join(root.paths.models, String(index), 'model');
    mkdirSync(folder, { recursive: true });
    writeModel(folder, { files: writeModelFiles(networks[index]!), featureCount: 4 }, neuralNetwork);
    const body = JSON.stringify({ model_name: String(index), url: folder });
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
  };
  const check = async (index: number) => {
    const network = networks[index]!;
    const features = Float64Array.from(randomRows(network, ROWS, index));
    const rows = Array.from({ length: ROWS }, (_, row) => features.subarray(row * 4, row * 4 + 4).join(',')).join('\n');
    const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
    const response = await fetch(`${url}/${index}/invoke`, { method: 'POST', headers, body: rows });
    const text = await response.text();
    expect([response.status, text]).toEqual([200, expect.any(String)]);
    const values = Float32Array.from(text.trim().split('\n').map(Number));
    // float32 of the backend against float64
    expect(closeness(network, values, referencePredictions(network, features, ROWS))).toBeLessThan(1e-5);
  };
  const all = networks.map((_, index) => index);

  await Promise.all(all.map(load));
  for (let round = 0; round < 3; round++) await Promise.all(all.map(check));
  expect((await fetch(`${url}/0`, { method: 'DELETE' })).status).toBe(200);
  await Promise.all([1, 2].map(check));
  await load(0);
  await Promise.all(all.map(check));
});
