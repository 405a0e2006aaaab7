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

it("without TensorFlow's libraries, the error says where they should be and how to install them", async () => {
  await expect(startTensorflow({ folders: [folder, '/nowhere'] })).rejects.toThrow(
    `TensorFlow's libraries are not in ${folder} or /nowhere; algorithms/neural-network/README.md says how they get there`,
  );
});

it('if the addon cannot be loaded, the error has the loader’s reason', async () => {
  for (const name of ['tfjs_binding.node', 'prepare-process.node']) writeFileSync(join(folder, name), 'no library');

  await expect(startTensorflow({ folders: [folder] })).rejects.toThrow('file too short');
});
