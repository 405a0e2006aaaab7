/** The commands that only print, and what too old a Node prints. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { expect, it, onTestFinished } from 'vitest';
import { algo, algoHere, BIN, makeWorkspace, write } from './support/command.js';

it('algo conformance --list prints every rule with its severity and its source', async () => {
  const { code, stdout } = await algoHere(tmpdir(), 'conformance', '--list');

  expect(code).toBe(0);
  expect(stdout).toMatch(/^ping\.empty-body +should +The answer of \/ping has an empty body\. \[Guide: .+\]$/m);
});

it('algo conformance --schema prints what a profile must be as JSON Schema', async () => {
  const { code, stdout } = await algoHere(tmpdir(), 'conformance', '--schema', 'profile');

  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(stdout).properties)).toContain('longJob');
});

it('algo describe prints the definition as JSON', async () => {
  const { code, stdout } = await algo(makeWorkspace(), 'describe', 'sum');

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ Name: 'sum', Version: '1.2.3' });
});

it('too old a Node is refused in one line that names the required version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'algo-cli-'));
  onTestFinished(() => removeTree(folder));
  const entry = readFileSync(BIN, 'utf8').replace('process.getBuiltinModule', 'process.functionOfNodeToCome');
  write(folder, { 'bin/algo.mjs': entry });

  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/algo.mjs'), 'describe', 'sum'], {
    encoding: 'utf8',
  });

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(
    `algo: Node must be 22.3 or newer; received ${process.versions.node}. In the repository, npx algo starts it with the Node that npm ci has installed.\n`,
  );
});
