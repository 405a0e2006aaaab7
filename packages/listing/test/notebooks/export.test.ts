import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportRepository, repositoryLinks } from '../../src/notebooks/export.js';
import { requestOf } from '../support/material.js';
import { ROOT } from '../support/product.js';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function exportTo(directory: string, algorithm = 'gradient-boosting') {
  const notebooks = join(ROOT, 'notebooks', algorithm);
  return exportRepository({ ...(await requestOf(algorithm)), notebooks, directory, licence: join(ROOT, 'LICENSE') });
}

describe('the public repository', () => {
  it('has notebooks, README, licence, and the sample data in the folders of the templates of AWS', async () => {
    const folder = makeFolder();

    const files = await exportTo(folder);

    expect(files).toEqual(
      expect.arrayContaining([
        ...['LICENSE', 'README.md', 'data/inference/samples.csv', 'data/test/validation.csv', 'data/train/train.csv'],
        ...['data/inference/input/batch/input.csv', 'data/inference/output/batch/input.csv.out'],
        ...['data/inference/input/real-time/01.csv', 'data/inference/output/real-time/01.csv'],
        'gradient-boosting-algorithm.ipynb',
      ]),
    );
    const sample = (file: string) => readFileSync(join(ROOT, 'sample-data', 'gradient-boosting', file), 'utf8');
    const exported = (file: string) => readFileSync(join(folder, file), 'utf8');
    expect(exported('data/train/train.csv')).toBe(sample('train/train.csv'));
    expect(exported('data/inference/output/real-time/06.json')).toBe(sample('inference/real-time-output/06.json'));
    expect(exported('data/inference/samples.csv')).toMatch(
      /^input,content_type,accept,output\n01\.csv,text\/csv,text\/csv,01\.csv\n(.*\n)*04\.csv,text\/csv,"text\/csv;output=""predicted_label,probability""",04\.csv\n/,
    );
    for (const file of files.filter((name) => name !== 'README.md' && !name.startsWith('data/'))) {
      if (file.endsWith('.ipynb')) expect(exported('README.md')).toContain(`(${file})`);
    }
  });

  it('is written again over itself, and not over anything else', async () => {
    const folder = makeFolder();
    const other = makeFolder();
    writeFileSync(join(other, 'thesis.txt'), '');

    const first = await exportTo(folder);

    expect(await exportTo(folder)).toEqual(first);
    await expect(exportTo(other)).rejects.toThrow(
      'must be empty, or a folder that was exported before; it has thesis.txt.',
    );
  });

  it('needs notebooks', async () => {
    const request = {
      ...(await requestOf('gradient-boosting')),
      notebooks: makeFolder(),
      licence: join(ROOT, 'LICENSE'),
    };

    await expect(exportRepository({ ...request, directory: makeFolder() })).rejects.toThrow('must have notebooks');
  });
});

describe('links of product.yaml', () => {
  it('are those of the repository, its first notebook and its data', () => {
    expect(repositoryLinks('https://github.com/you/x.git', 'a.ipynb')).toEqual({
      notebook: 'https://github.com/you/x/blob/main/a.ipynb',
      repository: 'https://github.com/you/x',
      samples: 'https://github.com/you/x/tree/main/data',
    });
  });

  it('are refused for another address', () => {
    expect(() => repositoryLinks('http://example.org/x', 'a.ipynb')).toThrow('https://github.com/OWNER/NAME; received');
  });
});
