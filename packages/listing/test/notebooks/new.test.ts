import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidationProfile } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { notebookProblems } from '../../src/notebooks/check.js';
import { type NewNotebook, type NotebookKind, newNotebooks } from '../../src/notebooks/new.js';
import { type Notebook, textOf } from '../../src/notebooks/notebook.js';
import { makeFolder } from '../support/folder.js';
import { requestOf } from '../support/material.js';
import { ALGORITHMS } from '../support/product.js';
import { missingInCleanUp } from '../support/python-names.js';

/** Of AWS's templates, in their order; 3.3 is between them, as an algorithm's artifacts answer nothing by themselves. */
const SECTIONS: Readonly<Record<NotebookKind, readonly string[]>> = {
  algorithm: [
    ...['1. Subscribe to the algorithm', '2. Prepare dataset', '2.A Dataset format expected by the algorithm'],
    ...['2.B Configure and visualize train and test dataset', '2.C Upload datasets to Amazon S3'],
    ...['3. Train a machine learning model', '3.1 Set up environment', '3.2 Train a model', '3.3 Make a model package'],
    ...['4. Deploy model and verify results', '4.A Deploy trained model', '4.B Create input payload'],
    ...['4.C Perform real-time inference', '4.D Visualize output', '4.E Calculate relevant metrics'],
    ...['4.F Delete the endpoint', '5. Tune your model', '5.A Tuning guidelines', '5.B Define tuning configuration'],
    ...['5.C Run a model tuning job', '6. Perform batch inference', '7. Clean-up', '7.A Delete the model'],
    '7.B Unsubscribe from the listing',
  ],
  'model-package': [
    ...['1. Subscribe to the model package', '2. Create an endpoint and perform real-time inference'],
    ...[
      '2.A Create an endpoint',
      '2.B Create input payload',
      '2.C Perform real-time inference',
      '2.D Visualize output',
    ],
    ...['2.E Calculate relevant metrics', '2.F Delete the endpoint', '3. Perform batch inference', '4. Clean-up'],
    ...['4.A Delete the model', '4.B Unsubscribe from the listing'],
  ],
  operations: [
    ...['1. Subscribe to the algorithm', '2. Deploy a model', '2.A Upload the sample data', '2.B Train a model'],
    ...['2.C Make a model package', '2.D Deploy it', '3. Measure the throughput', '4. Set alarms'],
    ...['5. Scale by the measured throughput', '6. Move to a new version', '7. Clean-up', '7.A Delete what was made'],
    '7.B Unsubscribe from the listing',
  ],
};
/** What SageMaker's notebooks have. */
const MODULES = /^(boto3|botocore|numpy|pandas|matplotlib|time|pathlib|threading|concurrent)\b/;

async function notebooksOf(algorithm: string): Promise<readonly NewNotebook[]> {
  return newNotebooks(await requestOf(algorithm));
}

function headings({ cells }: Notebook): readonly string[] {
  const texts = cells.filter(({ cell_type }) => cell_type === 'markdown').map(({ source }) => textOf(source));
  return texts.flatMap((text) => [...text.matchAll(/^##+ (\d.*)$/gm)].map((match) => match[1]!));
}

function python({ cells }: Notebook): string {
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  return code.map(({ source }) => textOf(source)).join('\n');
}

describe.each(ALGORITHMS)('notebooks of %s', (algorithm) => {
  it('are three, each with the sections of the templates of AWS in their order, and with links that lead to them', async () => {
    const made = await notebooksOf(algorithm);

    expect(made.map(({ kind }) => kind)).toEqual(['algorithm', 'model-package', 'operations']);
    for (const { kind, notebook } of made) {
      expect(headings(notebook)).toEqual(SECTIONS[kind]);
      expect(notebookProblems(notebook, undefined)).toEqual([expect.stringMatching(/it was not run/)]);
    }
  });

  it('explain each code cell in the cell before it', async () => {
    for (const { notebook } of await notebooksOf(algorithm)) {
      const alone = notebook.cells.filter((cell, i) => {
        return cell.cell_type === 'code' && notebook.cells[i - 1]?.cell_type !== 'markdown';
      });

      expect(alone.map(({ source }) => textOf(source).slice(0, 60))).toEqual([]);
    }
  });

  it('import nothing that a buyer has to install', async () => {
    for (const { notebook } of await notebooksOf(algorithm)) {
      const modules = [...python(notebook).matchAll(/^(?:import|from) (\S+)/gm)].map((match) => match[1]!);

      expect(modules.length).toBeGreaterThan(3);
      expect(modules.filter((name) => !MODULES.test(name))).toEqual([]);
    }
  });

  it('isolate every job and model from the network, and name no bucket or account', async () => {
    for (const { notebook } of await notebooksOf(algorithm)) {
      const source = python(notebook);
      const created = source.match(/sagemaker\.create_(model|training_job|hyper_parameter_tuning_job)\(/g) ?? [];
      const isolated = source.match(/EnableNetworkIsolation"?[=:] ?True/g) ?? [];

      expect(created.length).toBeGreaterThan(0);
      expect(isolated).toHaveLength(created.length);
      expect(source).toMatch(/bucket = f"sagemaker-\{region\}-\{account\}"/);
      expect(source).not.toMatch(/s3:\/\/(?!\{bucket\})|\d{12}/);
    }
  });

  it('take an ARN of their own kind only', async () => {
    for (const { kind, notebook } of await notebooksOf(algorithm)) {
      const cell = notebook.cells.find(({ metadata }) => metadata.tags?.includes('product-arn'));
      const [resource, variable] =
        kind === 'model-package' ? ['model-package', 'model_package_arn'] : ['algorithm', 'algorithm_arn'];

      expect(textOf(cell!.source)).toContain(`if ":${resource}/" not in ${variable}:\n    raise ValueError(`);
    }
  });

  it('print no raw answer of a call that makes or changes something', async () => {
    for (const { notebook } of await notebooksOf(algorithm)) {
      const code = notebook.cells.filter(({ cell_type }) => cell_type === 'code');
      const last = code.map(({ source }) =>
        textOf(source)
          .trimEnd()
          .split('\n')
          .findLast((line) => /^[\w#@]/.test(line)),
      );

      expect(last.filter((line) => /^\w+\.(create|update|put|register)_/.test(line!))).toEqual([]);
    }
  });

  it('delete in cells tagged as clean-up everything that they create but jobs', async () => {
    for (const { notebook } of await notebooksOf(algorithm)) {
      const source = python(notebook);
      const created = [...source.matchAll(/sagemaker\.create_(\w+)\(/g)].map((match) => match[1]!);
      const kept = created.filter((noun) => !noun.endsWith('job') && !source.includes(`sagemaker.delete_${noun}`));
      const cleaning = notebook.cells.filter(({ metadata }) => metadata.tags?.includes('clean-up'));

      expect(kept).toEqual([]);
      expect(cleaning.map(({ source }) => textOf(source)).join('\n')).toContain('delete_object');
    }
  });
});

describe.each(ALGORITHMS)('the clean-up of %s', (algorithm) => {
  it('needs nothing that a run may not have come to: all of it is there before the first thing that costs', async () => {
    for (const { notebook } of await notebooksOf(algorithm)) expect(missingInCleanUp(notebook)).toEqual([]);
  });
});

it('those of linear regression show an interval, which must be as stored', async () => {
  for (const { kind, notebook } of await notebooksOf('linear-regression')) {
    const found = notebook.cells.find(({ source }) => textOf(source).includes('"text/csv;interval=0.95"'));

    if (kind === 'operations') continue;
    expect(found?.metadata.sample).toBe('data/inference/output/real-time/04.csv');
  }
});

/** All but its path. */
type ChannelForm = Omit<NonNullable<ValidationProfile['trainingJob']>['channels'][string], 'path'>;

describe('of a product', () => {
  const request = async (change: (definition: Awaited<ReturnType<typeof requestOf>>['definition']) => object) => {
    const found = await requestOf('linear-regression');
    return { ...found, definition: { ...found.definition, ...change(found.definition) } };
  };

  /** Of gradient boosting, with a copy of its sample data, whose profile is changed. */
  async function changed(change: (profile: ValidationProfile, sampleData: string) => Partial<ValidationProfile>) {
    const found = await requestOf('gradient-boosting');
    const sampleData = makeFolder();
    cpSync(found.sampleData, sampleData, { recursive: true });
    const profileFile = join(sampleData, 'validation-profile.json');
    const profile = JSON.parse(readFileSync(profileFile, 'utf8')) as ValidationProfile;
    writeFileSync(profileFile, JSON.stringify({ ...profile, ...change(profile, sampleData) }));
    return newNotebooks({ ...found, sampleData });
  }

  /** With other members of the channel train. */
  const withTrain = (members: ChannelForm) =>
    changed(({ trainingJob }) => {
      const { train, ...others } = trainingJob!.channels;
      return { trainingJob: { ...trainingJob!, channels: { ...others, train: { ...train!, ...members } } } };
    });

  /** With another label in the place of 0, and training data in the channel `cells`. */
  const otherTable = (label: '-1' | '0') =>
    changed(({ trainingJob }, sampleData) => {
      const { train, ...others } = trainingJob!.channels;
      const table = join(sampleData, 'train/train.csv');
      writeFileSync(table, readFileSync(table, 'utf8').replaceAll(/^0,/gm, `${label},`));
      const classNames = { '1': 'benign', [label]: 'malignant' };
      return { trainingJob: { ...trainingJob!, channels: { ...others, cells: train! } }, classNames };
    });

  it('classes are in the order of their labels, also where these are negative', async () => {
    const [algorithm] = await otherTable('-1');

    expect(python(algorithm!.notebook)).toContain('classes = {"-1": "malignant", "1": "benign"}');
  });

  it('training data is read from the channel that it is in', async () => {
    for (const { notebook } of (await otherTable('0')).slice(0, 2)) {
      expect(python(notebook)).toMatch(/^train\b.* = read\("data\/cells"\)/m);
      expect(python(notebook)).not.toContain('data/train');
    }
  });

  it('channels have all that the profile says of their files, and nothing that it leaves out', async () => {
    const form = { compressionType: 'Gzip', recordWrapperType: 'RecordIO', inputMode: 'Pipe' } as const;
    const [whole] = await withTrain(form);
    const [bare] = await withTrain({ contentType: undefined });

    expect(python(whole!.notebook).replaceAll(/\s+/g, ' ')).toMatch(
      /"train": \{ "ContentType": "text\/csv", "CompressionType": "Gzip", "RecordWrapperType": "RecordIO", "InputMode": "Pipe", \}/,
    );
    expect(python(bare!.notebook)).toMatch(/"train": \{\}/);
    expect(python(whole!.notebook)).toContain('            **formats[channel],\n');
  });

  it('an augmented manifest is refused: it names objects of the seller', async () => {
    await expect(withTrain({ attributeNames: ['source-ref', 'label'] })).rejects.toThrow(
      'validation-profile.json: trainingJob.channels.train must have no attributeNames for notebooks, whose buyers have files of their own; received source-ref, label.',
    );
  });

  it('a batch has the types of the profile as they are and its limits, and is required', async () => {
    const contentType = 'text/csv; label="first"';
    const [made] = await changed(({ transformJob }) => ({
      transformJob: { ...transformJob!, contentType, maxConcurrentTransforms: 2 },
    }));

    expect(python(made!.notebook)).toContain(`"ContentType": ${JSON.stringify(contentType)},`);
    expect(python(made!.notebook)).toContain('\n    MaxConcurrentTransforms=2,\n    MaxPayloadInMB=6,\n');
    await expect(changed(() => ({ transformJob: undefined }))).rejects.toThrow(
      'validation-profile.json must have a transformJob',
    );
  });

  it('a file in a folder of the batch is named by its path in it', async () => {
    const [made] = await changed(({ transformJob }, sampleData) => {
      mkdirSync(join(sampleData, 'deep', 'a'), { recursive: true });
      cpSync(join(sampleData, transformJob!.input, 'input.csv'), join(sampleData, 'deep', 'a', 'input.csv'));
      return { transformJob: { ...transformJob!, input: 'deep' } };
    });

    expect(python(made!.notebook)).toContain('Key=f"{name}/batch-output/a/input.csv.out"');
    expect(python(made!.notebook)).toContain('f"{name}/{file.as_posix()}"');
  });

  it('tuning is left out where there is nothing to be tuned', async () => {
    const made = await newNotebooks(
      await request(({ TrainingSpecification }) => ({
        TrainingSpecification: { ...TrainingSpecification!, SupportedTuningJobObjectiveMetrics: [] },
      })),
    );

    expect(headings(made[0]!.notebook)).not.toContain('5.A Tuning guidelines');
    expect(python(made[0]!.notebook)).not.toContain('create_hyper_parameter_tuning_job');
  });
});
