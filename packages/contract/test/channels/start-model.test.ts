import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openStartModel, requireFitting, requireStartColumns } from '../../src/channels/start-model.js';
import { oneHost } from '../../src/cluster/communicator.js';
import { tarOf } from '../../src/testing/tar-of.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function channelOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = mkdtempSync(join(tmpdir(), 'start-model-'));
  folders.push(folder);
  const all = Object.entries(files).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return { name, path: join(folder, name) };
  });
  return { name: 'model', files: () => all };
}

const open = (files: Readonly<Record<string, string | Uint8Array>>) =>
  openStartModel(channelOf(files), ({ names }) => names.filter((name) => name.endsWith('.net')), 'one model (a .net)');

/** Opens a model where the second of two hosts has said `other` of its own. */
const openBeside = (files: Readonly<Record<string, string>>, other: string) =>
  openStartModel(channelOf(files), () => ['a.net'], 'one model (a .net)', {
    hosts: { ...oneHost(), size: 2, gatherValues: (own) => [own, other as typeof own] },
    names: ['algo-1', 'algo-2'],
  });

const MANIFEST = {
  formatVersion: 1,
  algorithm: { name: 'other', version: '1.0.0' },
  libraries: {},
  input: { featureCount: 2, featureNames: ['a', 'b'] },
  files: {},
};

describe('a start model', () => {
  it('is found in an archive, with the names of its features from the manifest', () => {
    const model = open({
      'model.tar.gz': tarOf(
        new Map([
          ['a.net', Buffer.from('weights')],
          ['notes.txt', Buffer.from('x')],
          ['.manifest.json', Buffer.from(JSON.stringify(MANIFEST))],
        ]),
      ),
    });

    expect(model).toMatchObject({ file: 'a.net', label: 'model/a.net', featureNames: ['a', 'b'] });
    expect(model.read('a.net').toString()).toBe('weights');
  });

  it('must be the same on all hosts', () => {
    const sha256 = createHash('sha256').update('weights').digest('hex').slice(0, 16);

    expect(openBeside({ 'a.net': 'weights' }, `a.net (SHA-256 ${sha256})`).file).toBe('a.net');
    expect(() => openBeside({ 'a.net': 'weights' }, 'a.net (SHA-256 0123456789abcdef)')).toThrow(
      `Channel "model" must have the same files on all hosts, since each continues from the model; algo-1 has a.net (SHA-256 ${sha256}), and algo-2 has a.net (SHA-256 0123456789abcdef).`,
    );
  });

  it('is found among plain files', () => {
    expect(open({ 'a.net': 'weights' }).read('a.net').toString()).toBe('weights');
  });

  it.each(['{', '{"short_name":"app"}', '[1]'])('has no names from the manifest %s of another program', (manifest) => {
    expect(open({ 'a.net': 'weights', 'manifest.json': manifest }).featureNames).toBeUndefined();
  });

  it.each([
    ['that is empty', '', 'not valid JSON.'],
    ['cut', JSON.stringify(MANIFEST).slice(0, -20), 'not valid JSON.'],
    [
      'of a newer format',
      JSON.stringify({ ...MANIFEST, formatVersion: 2 }),
      'formatVersion must be at most 1; received 2.',
    ],
    [
      'without its columns',
      JSON.stringify({ ...MANIFEST, input: { featureNames: ['a', 'b'] } }),
      'input.featureCount must be an integer of at least 0; received nothing.',
    ],
    [
      'with other names of categories',
      JSON.stringify({
        ...MANIFEST,
        input: {
          featureCount: 1,
          categories: { unseen: 'error', labels: [], features: [['y', 'x']], sha256: '0' },
        },
      }),
      'the names of categories were changed or damaged after training',
    ],
  ])('is refused with a manifest %s, not read without its names', (_, manifest, problem) => {
    expect(() => open({ 'a.net': 'weights', '.manifest.json': manifest })).toThrow(`model/.manifest.json: ${problem}`);
  });

  it.each([
    [{ 'notes.txt': 'x' }, 'notes.txt'],
    [{ 'a.net': 'x', 'b.net': 'y' }, 'a.net, b.net'],
  ])('must be exactly one: %j', (files, found) => {
    expect(() => open(files)).toThrow(`Channel "model" must contain one model (a .net); received ${found}.`);
  });
});

describe('a start model that does not fit the job', () => {
  it('is refused by the first rule that it breaks, lists compared by their entries', () => {
    const rules = [
      ['layers', [8, 4], [8, 4]],
      ['num_class', 3, undefined],
      ['objective', 'a', 'b'],
    ] as const;

    expect(() => requireFitting('model/a.net', rules)).toThrow(
      'model/a.net: the start model must have num_class 3, as this job has; received none.',
    );
    expect(() => requireFitting('model/a.net', rules.slice(0, 1))).not.toThrow();
  });

  it('is refused when the rows have other columns', () => {
    const rows = { columns: 3, labelCount: 1 };

    expect(() => requireStartColumns('train', { columns: 3 }, rows)).not.toThrow();
    expect(() => requireStartColumns('train', { columns: 4 }, rows)).toThrow(
      'Channel "train" must have 4 feature columns, as the start model has; received 3.',
    );
    expect(() => requireStartColumns('train', { columns: 3, labelCount: 2 }, rows)).toThrow(
      'Channel "train" must have 2 label and 3 feature columns, as the start model has; received 1 and 3.',
    );
  });
});
