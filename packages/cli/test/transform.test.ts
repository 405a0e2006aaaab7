/** `algo transform`, in the process of the test; train.test.ts runs it as its users do. Needs `npm run build`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algoHere, makeWorkspace, write } from './support/command.js';

describe('algo transform', () => {
  it('counts the files that it sends unsplit', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":0}', 'in/a.csv': '1\n' });

    const { stdout } = await algoHere(folder, ...'transform sum -m model -i in -o out --split-type None'.split(' '));

    expect(stdout).toMatch(/^a\.csv: whole\nCompleted: 1 file in 1 request after/);
  });

  it('filters the files of a manifest, and joins them with their answers', async () => {
    const folder = write(makeWorkspace(), {
      'model/model.json': '{"sum":10}',
      'in/list': '[{"prefix":"../data/"},"b.csv"]',
      'data/a.csv': 'z,9\n',
      'data/b.csv': 'x,1,2\ny,3,4\n',
    });
    const options = '-m model -i in/list --data-type ManifestFile -o out --join-source Input';
    const filters = ['--input-filter', '$[1:]', '--output-filter', '$[0,-1]'];

    const { code, stdout } = await algoHere(folder, 'transform', 'sum', ...options.split(' '), ...filters);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^b\.csv: 2 records\nCompleted: 2 records in 1 request/);
    expect(readdirSync(join(folder, 'out'))).toEqual(['b.csv.out']);
    expect(readFileSync(join(folder, 'out/b.csv.out'), 'utf8')).toBe('x,13\ny,17\n');
  });

  it('exits with 1 and names the file that failed', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":0}', 'in/a.csv': '1\n', 'in/b.csv': '66\n' });

    const { code, stdout, stderr } = await algoHere(
      folder,
      'transform',
      'sum',
      '-m',
      'model',
      '-i',
      'in',
      '-o',
      'out',
      '-e',
      'REFUSE=66',
    );

    expect(code).toBe(1);
    expect(stdout).toMatch(/^b\.csv: failed: b\.csv, 1 record from line 1: the server answered 400/m);
    expect(stderr).toMatch(/^algo: 1 of 2 input files failed; the first cause: b\.csv/);
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.csv.out']);
  });
});
