import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValidationProfile } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportData, exportedNotebooks, exportRepository, repositoryLinks } from '../../src/notebooks/export.js';
import { publicPath, sampleSource } from '../../src/notebooks/layout.js';
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

  it("has an algorithm's notebooks without that of a model package, or this one alone", async () => {
    const request = await requestOf('gradient-boosting');
    const notebooks = join(ROOT, 'notebooks', 'gradient-boosting');
    const common = { ...request, notebooks, licence: join(ROOT, 'LICENSE') };
    const isNotebook = (file: string) => file.endsWith('.ipynb');

    const files = await exportRepository({ ...common, directory: makeFolder() });
    const model = await exportRepository({ ...common, directory: makeFolder(), isModelPackage: true });

    expect(files.filter(isNotebook)).toEqual([
      'gradient-boosting-algorithm.ipynb',
      'gradient-boosting-operations.ipynb',
    ]);
    expect(model.filter(isNotebook)).toEqual(['gradient-boosting-model-package.ipynb']);
    expect(exportedNotebooks({ TrainingSpecification: undefined }, notebooks)).toHaveLength(3);
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

  it('is not written over samples that the product no longer has, and deletes nothing', async () => {
    const folder = makeFolder();
    await exportTo(folder);
    const former = ['data/inference/input/real-time/99.csv', 'former.ipynb'];
    for (const file of former) writeFileSync(join(folder, file), '');

    await expect(exportTo(folder)).rejects.toThrow(`it has ${former.join(', ')}. Delete these, and export again.`);

    expect(former.filter((file) => existsSync(join(folder, file)))).toEqual(former);
    for (const file of former) rmSync(join(folder, file));
    await exportTo(folder);
  });

  it('has files as files and channels as folders, whatever dots are in their names', async () => {
    const request = await requestOf('linear-regression');
    const sampleData = makeFolder();
    cpSync(request.sampleData, sampleData, { recursive: true });
    const file = join(sampleData, 'validation-profile.json');
    const profile = JSON.parse(readFileSync(file, 'utf8')) as ValidationProfile;
    const [first, ...others] = profile.realTime;
    cpSync(join(sampleData, first!.input), join(sampleData, 'request'));
    const { train, ...channels } = profile.trainingJob!.channels;
    cpSync(join(sampleData, profile.transformJob!.input, 'input.csv'), join(sampleData, 'lines'));
    const changed = {
      ...profile,
      realTime: [{ ...first, input: 'request' }, ...others],
      transformJob: { ...profile.transformJob, input: 'lines' },
      trainingJob: {
        ...profile.trainingJob,
        channels: { ...channels, 'rows.v2': { ...train!, path: 'train/train.csv' } },
      },
    };
    writeFileSync(file, JSON.stringify(changed));
    const folder = makeFolder();

    await exportData({ ...request, sampleData }, folder);

    const files = [
      'data/inference/input/real-time/request',
      'data/inference/input/batch/lines',
      'data/rows.v2/train.csv',
    ];
    expect(files.filter((path) => statSync(join(folder, path)).isFile())).toEqual(files);
    const written = changed as unknown as ValidationProfile;
    expect(files.map((path) => sampleSource(written, path, () => false))).toEqual([
      'request',
      'lines',
      'train/train.csv',
    ]);
    expect(['request', 'lines', 'train/train.csv'].map((path) => publicPath(written, path))).toEqual(
      files.map((path) => path.slice('data/'.length)),
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
