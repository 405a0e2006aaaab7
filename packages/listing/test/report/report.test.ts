import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/report/record.js';
import { makeFolder } from '../support/folder.js';
import { reportOf } from '../support/validation-folder.js';

const HOSTILE = `</pre></script><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'"`;

function pageText(file: string): string {
  return readFileSync(file, 'utf8');
}

describe('the report of a model package that answers with text', () => {
  const profile = {
    transformJob: { input: 'in', contentType: 'text/plain', accept: 'text/plain', expectedOutput: 'out' },
    realTime: [{ input: 'a.txt', contentType: 'text/plain', accept: 'text/plain', expectedOutput: 'a.out' }],
  };
  const files = {
    'inputs/a.txt': 'Translate: cat',
    'endpoint/output/a.txt.out': 'chat',
    'endpoint/log.txt': 'ready\n',
  };

  it('leaves out what it has not, with the reason, and shows the rest', async () => {
    const { file, leftOut, bytes } = await reportOf({ profile, files });

    const page = pageText(file);
    expect(bytes).toBe(Buffer.byteLength(page));
    expect(leftOut.map(({ part, reason }) => `${part}: ${reason}`)).toEqual([
      'Training data: a model package has no training data in its validation.',
      'Quality of predictions: there are no labelled rows to measure on: neither holdOut in the validation profile nor a channel named validation.',
    ]);
    for (const reason of [
      'a model package has no training data in its validation.',
      'a model package is not trained in its validation.',
      'a model package has none.',
      'the program was validated as a process.',
    ]) {
      expect(page).toContain(`<p class="left">Left out: ${reason}`);
    }
    expect(page).toContain('Translate: cat</pre>');
    expect(page).toContain('chat</pre>');
    expect(page).toContain('It does what it says.');
  });

  it('names the step that failed, and measures nothing then', async () => {
    const cause = 'endpoint: /ping must answer 200';
    const { leftOut, file } = await reportOf({
      profile: { ...profile, holdOut: { path: 'rows.csv', contentType: 'text/csv' } },
      files: { ...files, 'inputs/rows.csv': '1,2\n' },
      validation: { result: 'failed', cause, steps: [{ step: 'endpoint', result: 'failed', seconds: 1, text: cause }] },
    });

    expect(leftOut.map(({ reason }) => reason)).toContain('the validation had no endpoint of the model.');
    expect(pageText(file)).toContain(`<p class="failed">${cause}</p>`);
  });
});

it('a hold-out that is no table of labelled rows is left out with the reason', async () => {
  const reasonOf = async (rows: string, contentType = 'text/csv') => {
    const profile = { holdOut: { path: 'rows.csv', contentType } };
    const { leftOut } = await reportOf({ profile, files: { 'inputs/rows.csv': rows } });
    return leftOut.at(-1)!.reason;
  };

  expect(await reasonOf('1,2\n3\n')).toBe('row 2 of rows.csv has 1 columns, the first has 2.');
  expect(await reasonOf('1\n3\n')).toBe('rows.csv has one column: there is a label or a feature, not both.');
  expect(await reasonOf('')).toBe('rows.csv has no rows.');
  expect(await reasonOf(',2\n,3\n')).toBe('no row of rows.csv has a label.');
  expect(await reasonOf('1,"2\n')).toMatch(/^rows\.csv: a quoted field must end on its line/);
  expect(await reasonOf('{}', 'application/json')).toBe('rows.csv is application/json; only text/csv is read here.');
  for (const contentType of ['text/csv;header=auto', 'text/csv;label=b;header=present']) {
    expect(await reasonOf('a,b\n1,2\n', contentType)).toBe(
      `the data is ${contentType}; CSV is read here with one label first, and with header=present or without a header.`,
    );
  }
});

it.each([
  ['while the model would be served', { holdOut: { path: 'rows.csv', contentType: 'text/csv' } }],
  ['where there is nothing to measure', {}],
])('a report that is stopped %s writes no page', async (_, profile) => {
  const file = join(makeFolder(), 'report.html');
  const files = { 'inputs/rows.csv': '1,2\n' };

  const writing = reportOf({ profile, files, file, stop: AbortSignal.abort() });

  await expect(writing).rejects.toMatchObject({ name: 'JobError', message: 'stopped' });
  expect(existsSync(file)).toBe(false);
});

describe('the steps of a validation', () => {
  const step = { step: 'endpoint', result: 'passed', seconds: 1.25, text: '/ping 200 after 0.37 s, empty body' };

  it('have the time to the first /ping that the head of the page has', async () => {
    const page = pageText((await reportOf({ validation: { steps: [step] } })).file);

    expect(page).toContain('<dt>Start to first /ping</dt><dd>0.37 s</dd>');
    expect(page).toContain('/ping 200 after 0.37 s, empty body');
  });

  it('compared all outputs only where they passed', async () => {
    const text = 'Each output was compared with the stored sample.';
    const failed = { ...step, result: 'failed' };

    expect(pageText((await reportOf({})).file)).toContain(text);
    expect(pageText((await reportOf({ validation: { result: 'failed', steps: [failed] } })).file)).not.toContain(text);
  });

  it('are shown without folders of this machine, and with their slashes where the report is made in the root', async () => {
    const root = makeFolder();
    const files = { 'endpoint/log.txt': `GET /ping in ${root}/it\n` };

    expect(pageText((await reportOf({ files, from: root })).file)).toContain('GET /ping in ./it');
    expect(pageText((await reportOf({ files, from: '/' })).file)).toContain(`GET /ping in ${root}/it`);
  });
});

it('no text of the validation becomes markup', async () => {
  const training = { hyperparameters: { [HOSTILE]: HOSTILE }, channels: { train: { path: 'train.csv' } } };
  const { file } = await reportOf({
    validation: {
      ...{ algorithm: HOSTILE, version: HOSTILE, cause: HOSTILE, metrics: { [HOSTILE]: 1 } },
      steps: [{ step: HOSTILE, result: 'failed', seconds: 1, text: HOSTILE }],
      digests: { inputs: { [HOSTILE]: HOSTILE }, model: HOSTILE },
      commit: { id: HOSTILE, isChanged: true },
      image: { reference: HOSTILE, id: HOSTILE, diffIds: [HOSTILE] },
      versions: { node: HOSTILE, local: HOSTILE },
    },
    profile: {
      trainingJob: training,
      realTime: [{ input: 'a.txt', contentType: HOSTILE, accept: HOSTILE, expectedOutput: 'a.out' }],
      ...{ columnNames: [HOSTILE, HOSTILE], classNames: { a: HOSTILE } },
    },
    description: {
      Description: HOSTILE,
      TrainingSpecification: {
        SupportedHyperParameters: [{ Name: HOSTILE, Type: 'FreeText', Description: HOSTILE, DefaultValue: HOSTILE }],
        TrainingChannels: [{ Name: HOSTILE, Description: HOSTILE, IsRequired: true, SupportedContentTypes: [HOSTILE] }],
        MetricDefinitions: [],
      },
      Capabilities: { Outputs: [{ Name: HOSTILE, Description: HOSTILE }] },
    },
    files: {
      'inputs/a.txt': HOSTILE,
      'inputs/train.csv': `a,"${HOSTILE.replaceAll('"', '""')}"\nb,c\n`,
      'endpoint/output/a.txt.out': HOSTILE,
      'endpoint/log.txt': HOSTILE,
      'training-job/log.txt': HOSTILE,
      'training-job/metrics.json': JSON.stringify([
        { name: HOSTILE, value: 1 },
        { name: HOSTILE, value: 2 },
      ]),
    },
    algorithmFiles: { 'listing/description.md': `# Title\n\n${HOSTILE}\n` },
  });

  const page = pageText(file);
  expect(page.match(/&lt;script&gt;window\.hacked=1/g)!.length).toBeGreaterThan(30); // it is there, as text
  expect(page).not.toMatch(/<script|<img|onerror="/i);
});

it('a folder without a validation, or with half of one, names the command that makes one', async () => {
  expect(() => readRecord(join(tmpdir(), 'none'), 'npx algo validate it')).toThrow('Run "npx algo validate it" first.');
  await expect(reportOf({ files: { 'validation.json': '{' } })).rejects.toThrow(
    /validation\.json must be JSON; .* Run "npx algo validate it" again\.$/,
  );
});
