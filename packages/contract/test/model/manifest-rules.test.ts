import { expect, it } from 'vitest';
import { manifestProblems } from '../../src/model/manifest-rules.js';

const CATEGORIES = { unseen: 'other', labels: [null, ['a', 'b']], features: [], sha256: 'c0' };
const WHOLE = {
  formatVersion: 1,
  algorithm: { name: 'mean', version: '1.0.0' },
  libraries: { node: '24.0.0' },
  input: {
    featureCount: 2,
    featureNames: ['x', 'y'],
    exampleRow: [0, -1.5],
    libsvmIndexBase: 1,
    categories: CATEGORIES,
  },
  files: { 'model.json': { bytes: 0, sha256: 'ab' } },
};

it.each([
  ['all that it may have', WHOLE],
  ['only what it must have', { ...WHOLE, libraries: {}, input: { featureCount: 0 }, files: {} }],
  ['keys of a later version', { ...WHOLE, signedBy: 'x', input: { ...WHOLE.input, unit: 'm' } }],
])('a manifest with %s has no problem', (_, manifest) => {
  expect(manifestProblems(manifest)).toEqual([]);
});

it.each([
  [[], 'the manifest must be an object; received []'],
  [null, 'the manifest must be an object; received null'],
  [{ ...WHOLE, formatVersion: 1.5 }, 'formatVersion must be an integer of at least 1; received 1.5'],
  [{ ...WHOLE, formatVersion: 2 ** 60 }, `formatVersion must be an integer of at least 1; received ${2 ** 60}`],
  [{ ...WHOLE, algorithm: 'mean' }, 'algorithm must be an object; received "mean"'],
  [{ ...WHOLE, algorithm: { name: 'mean' } }, 'algorithm.version must be a string; received nothing'],
  [{ ...WHOLE, libraries: { 'a b': 1 } }, 'libraries["a b"] must be a string; received 1'],
  [{ ...WHOLE, libraries: undefined }, 'libraries must be an object; received nothing'],
  [{ ...WHOLE, input: {} }, 'input.featureCount must be an integer of at least 0; received nothing'],
  [{ ...WHOLE, input: { featureCount: -1 } }, 'input.featureCount must be an integer of at least 0; received -1'],
  [{ ...WHOLE, input: { featureCount: 1, featureNames: 'x' } }, 'input.featureNames must be a list; received "x"'],
  [{ ...WHOLE, input: { featureCount: 1, featureNames: [3] } }, 'input.featureNames[0] must be a string; received 3'],
  [{ ...WHOLE, input: { featureCount: 1, exampleRow: ['1'] } }, 'input.exampleRow[0] must be a number; received "1"'],
  [{ ...WHOLE, input: { featureCount: 1, exampleRow: null } }, 'input.exampleRow must be a list; received null'],
  [{ ...WHOLE, input: { featureCount: 1, libsvmIndexBase: 2 } }, 'input.libsvmIndexBase must be 0 or 1; received 2'],
  [
    { ...WHOLE, input: { featureCount: 1, categories: { ...CATEGORIES, unseen: 'drop' } } },
    'input.categories.unseen must be "error" or "missing" or "other"; received "drop"',
  ],
  [
    { ...WHOLE, input: { featureCount: 1, categories: { ...CATEGORIES, labels: [['a', null]] } } },
    'input.categories.labels[0][1] must be a string; received null',
  ],
  [
    { ...WHOLE, files: { m: { bytes: '3', sha256: 'x' } } },
    'files["m"].bytes must be an integer of at least 0; received "3"',
  ],
])('names the place, the rule and the value in %j', (manifest, problem) => {
  expect(manifestProblems(manifest)).toEqual([problem]);
});

it('names all that is wrong, and as much of a long value as is enough to recognise it', () => {
  const problems = manifestProblems({ ...WHOLE, formatVersion: 'x'.repeat(1000), files: [] });

  expect(problems).toEqual([
    `formatVersion must be an integer of at least 1; received "${'x'.repeat(59)}…`,
    'files must be an object; received []',
  ]);
});

it.each([
  ['a list', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['an object', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
])('names the place and the rule of %s that is too deep to write', (what, text) => {
  const { algorithm } = WHOLE;

  expect(manifestProblems({ ...WHOLE, algorithm: { ...algorithm, name: JSON.parse(text) } })).toEqual([
    `algorithm.name must be a string; received ${what} nested too deep to show`,
  ]);
});

it.each(['../../etc/passwd', '/etc/passwd', '', '.', 'trees/.hidden', 'trees//0.bin', 'a\0b', 'x'.repeat(256)])(
  'names the file %j that is not in the folder of a model',
  (name) => {
    const [problem, ...others] = manifestProblems({ ...WHOLE, files: { [name]: { bytes: 0, sha256: 'ab' } } });

    expect(others).toEqual([]);
    expect(problem).toContain(
      `each name in files must be a path below the folder of the model without hidden parts; received ${JSON.stringify(name).slice(0, 60)}`,
    );
  },
);
