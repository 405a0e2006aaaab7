import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTensorflow } from '../../../src/backends/tensorflow/start.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorflow-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('says where the libraries should be and what puts them there, when they are not', async () => {
  await expect(startTensorflow({ folders: [folder, '/nowhere'] })).rejects.toThrow(
    `TensorFlow's libraries are not in ${folder} or /nowhere; npm run tensorflow puts them there`,
  );
});

it('gives the loader’s reason when the addon cannot be loaded', async () => {
  for (const name of ['tfjs_binding.node', 'prepare-process.node']) writeFileSync(join(folder, name), 'no library');

  await expect(startTensorflow({ folders: [folder] })).rejects.toThrow('file too short');
});
