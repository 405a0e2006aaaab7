/** `algo validate` in a workspace with one algorithm. Needs `npm run build`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algo, algoHere, makeWorkspace, write } from './support/command.js';

/** Seconds, times and digests change from run to run. */
function steady(text: string): string {
  return text
    .replaceAll(/\d+\.\d\d s\b/g, 'T s')
    .replaceAll(/\d+ ms\b/g, 'T ms')
    .replaceAll(/ +\d+\.\d\d {2}/g, '  T  ')
    .replaceAll(/[0-9a-f]{12}…/g, 'DIGEST…');
}

describe('algo validate', () => {
  it('runs every algorithm of the workspace from any subfolder, and prints one table', async () => {
    const folder = makeWorkspace();

    const { code, stdout, stderr } = await algo(join(folder, 'sample-data'), 'validate');

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(steady(stdout).split('\n')).toEqual([
      'sum: training job passed T s',
      'sum: model passed T s',
      'sum: batch transform passed T s',
      'sum: endpoint passed T s',
      'sum: invocations passed T s',
      'sum: stop passed T s',
      '',
      'algorithm  step             result  seconds  checked',
      'sum        training job     passed  T  Completed; 2 of 2 metrics found',
      expect.stringMatching(/^ {11}model {12}passed {2}T {2}model\.tar\.gz \d+ bytes, 1 file, sha256 DIGEST…$/),
      '           batch transform  passed  T  2 records in 1 request, as many out; 1 stored output equal, 2 numbers within 1e-9',
      '           endpoint         passed  T  /ping 200 after T s, empty body',
      '           invocations      passed  T  1 sample, slowest T ms; 1 stored output equal, 1 number within 1e-9',
      '           stop             passed  T  SIGTERM: exit code 0 after T s',
      '',
      'Files: ../.algo/validation/sum',
      '',
    ]);
    expect(existsSync(join(folder, '.algo/validation/sum/validation.json'))).toBe(true);
  });

  it('prints validation.json with --json, and nothing else on stdout', async () => {
    const folder = makeWorkspace();

    const { code, stdout } = await algoHere(folder, 'validate', 'sum', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(join(folder, '.algo/validation/sum/validation.json'), 'utf8')),
    );
  });

  it('exits with 1 and the first cause, and continues with the other algorithms', async () => {
    const folder = makeWorkspace();
    write(folder, { 'algorithms/other/package.json': '{}', 'sample-data/sum/01.csv.out': '16' });

    const { code, stdout, stderr } = await algoHere(folder, 'validate');

    expect(code).toBe(1);
    expect(stderr).toBe(
      `algo: other: ${join(folder, 'algorithms/other')} has not been built: there is no dist/main.js. Run "npm run build" first.\n`,
    );
    expect(stdout).toMatch(/^other +preparation +failed/m);
    expect(stdout).toMatch(
      /invocations +failed +\d\.\d\d {2}01\.csv\.out line 1, column 1: expected 16; received 15$/m,
    );
  });

  it('updates the stored outputs in any folder', async () => {
    const folder = makeWorkspace();
    const elsewhere = makeWorkspace();
    write(elsewhere, { 'sample-data/sum/01.csv.out': '16' });
    const one = [join(elsewhere, 'algorithms/sum'), '--sample-data', join(elsewhere, 'sample-data/sum')];

    const before = await algoHere(folder, 'validate', ...one);
    const update = await algoHere(folder, 'validate', ...one, '--update');
    const after = await algoHere(folder, 'validate', ...one);

    expect([before.code, update.code, after.code]).toEqual([1, 0, 0]);
    expect(readFileSync(join(elsewhere, 'sample-data/sum/01.csv.out'), 'utf8')).toBe('15');
  });
});
