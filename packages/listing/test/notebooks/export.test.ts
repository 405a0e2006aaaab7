import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

/** Of linear regression, with a copy of its sample data, whose profile is changed. */
async function changedRequest(change: (profile: ValidationProfile, sampleData: string) => object) {
  const request = await requestOf('linear-regression');
  const sampleData = makeFolder();
  cpSync(request.sampleData, sampleData, { recursive: true });
  const file = join(sampleData, 'validation-profile.json');
  const profile = JSON.parse(readFileSync(file, 'utf8')) as ValidationProfile;
  const changed = { ...profile, ...change(profile, sampleData) } as ValidationProfile;
  writeFileSync(file, JSON.stringify(changed));
  return { request: { ...request, sampleData }, changed };
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
    const { request, changed } = await changedRequest((profile, sampleData) => {
      const [first, ...others] = profile.realTime;
      cpSync(join(sampleData, first!.input), join(sampleData, 'request'));
      const { train, ...channels } = profile.trainingJob!.channels;
      cpSync(join(sampleData, profile.transformJob!.input, 'input.csv'), join(sampleData, 'lines'));
      return {
        realTime: [{ ...first, input: 'request' }, ...others],
        transformJob: { ...profile.transformJob, input: 'lines' },
        trainingJob: {
          ...profile.trainingJob,
          channels: { ...channels, 'rows.v2': { ...train!, path: 'train/train.csv' } },
        },
      };
    });
    const folder = makeFolder();

    await exportData(request, folder);

    const files = [
      'data/inference/input/real-time/request',
      'data/inference/input/batch/lines',
      'data/rows.v2/train.csv',
    ];
    expect(files.filter((path) => statSync(join(folder, path)).isFile())).toEqual(files);
    expect(files.map((path) => sampleSource(changed, path, () => false))).toEqual([
      'request',
      'lines',
      'train/train.csv',
    ]);
    expect(['request', 'lines', 'train/train.csv'].map((path) => publicPath(changed, path))).toEqual(
      files.map((path) => path.slice('data/'.length)),
    );
  });

  it('has files behind links and in folders of a folder, as files', async () => {
    const { request } = await changedRequest((_, sampleData) => {
      mkdirSync(join(sampleData, 'train', 'more'));
      symlinkSync(join(sampleData, 'train', 'train.csv'), join(sampleData, 'train', 'more', 'linked.csv'));
      return {};
    });
    const folder = makeFolder();

    await exportData(request, folder);

    const linked = join(folder, 'data/train/more/linked.csv');
    expect(lstatSync(linked).isFile()).toBe(true);
    expect(readFileSync(linked)).toEqual(readFileSync(join(folder, 'data/train/train.csv')));
  });

  it('is not written where two samples, two channels, or a sample and a table have one place in it', async () => {
    const place = 'validation-profile.json: each place of the public repository must have one source';
    const samples = await changedRequest((profile, sampleData) => {
      const [first, second, ...others] = profile.realTime;
      for (const [name, { input }] of Object.entries({ a: first!, b: second! })) {
        mkdirSync(join(sampleData, name));
        cpSync(join(sampleData, input), join(sampleData, name, '1.csv'));
      }
      return { realTime: [{ ...first, input: 'a/1.csv' }, { ...second, input: 'b/1.csv' }, ...others] };
    });
    const channels = await changedRequest(({ trainingJob }) => {
      const { train } = trainingJob!.channels;
      return { trainingJob: { ...trainingJob, channels: { ...trainingJob!.channels, test: train } } };
    });
    const table = await changedRequest(({ trainingJob }, sampleData) => {
      mkdirSync(join(sampleData, 'more'));
      writeFileSync(join(sampleData, 'more', 'samples.csv'), '1,2\n');
      const inference = { ...trainingJob!.channels.train!, path: 'more' };
      return { trainingJob: { ...trainingJob, channels: { ...trainingJob!.channels, inference } } };
    });
    const folder = makeFolder();

    await expect(exportData(samples.request, folder)).rejects.toThrow(
      `${place}; data/inference/input/real-time/1.csv has a/1.csv and b/1.csv. Give one of them another name.`,
    );
    await expect(exportData(channels.request, folder)).rejects.toThrow(`${place}; data/test has validation and train.`);
    await expect(exportData(table.request, folder)).rejects.toThrow(
      `${place}; data/inference/samples.csv has more/samples.csv and the table of samples.`,
    );

    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not begun where a name is one that a URL cannot have', async () => {
    const { request } = await changedRequest((_, sampleData) => {
      writeFileSync(join(sampleData, 'train', 'more rows.csv'), '');
      return {};
    });
    const directory = makeFolder();
    const notebooks = join(ROOT, 'notebooks', 'linear-regression');

    await expect(
      exportRepository({ ...request, notebooks, directory, licence: join(ROOT, 'LICENSE') }),
    ).rejects.toThrow('data/train/more rows.csv must have letters, digits and any of -@_+./ only');

    expect(readdirSync(directory)).toEqual([]);
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
