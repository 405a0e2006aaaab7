/** Where a model is in its directory, and how messages name the other files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../src/errors.js';
import { recognizeFile } from '../../src/model/file-kinds.js';
import type { ImportedModel } from '../../src/model/model.js';
import { openModel } from '../../src/model/open.js';
import { writeModel } from '../../src/model/save.js';
import { useRoot } from '../roots.js';

const identity = { name: 'linear', version: '1.2.3', train: () => undefined };

let directory: string;
useRoot(({ paths }) => {
  directory = paths.model;
});

function put(name: string, content: string): void {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const owner = {
  ...identity,
  adoptModel({ names, folder, read, readStart }: ImportedModel) {
    if (names.includes('bad.txt')) throw new ClientError('E_MODEL', `${folder}bad.txt is bad.`);
    if (!names.includes('model.txt') || readStart('model.txt', 3).toString() !== 'abc') return undefined;
    return { files: ['model.txt'], featureCount: read('model.txt').length };
  },
};

describe('a model directory', () => {
  it('with a saved model in a folder is read as that model', () => {
    const folder = join(directory, 'packed');
    mkdirSync(folder);
    void writeModel(folder, { files: { 'model.json': '{}' }, featureCount: 2 }, identity);

    const artifact = openModel(directory, identity);

    expect(artifact.input.featureCount).toBe(2);
    expect(artifact.read('model.json').toString()).toBe('{}');
  });

  it.each(['model.txt', 'one/model.txt', 'one/two/model.txt', 'one/two/three/model.txt'])(
    'with another program’s %s is adopted',
    (name) => {
      put(name, 'abcd');
      put('notes/readme.md', '');

      expect(openModel(directory, owner).input.featureCount).toBe(4);
      expect(openModel(directory, owner).read('model.txt').toString()).toBe('abcd');
    },
  );

  it('with models at several depths is read as the one nearest to the top', () => {
    put('one/model.txt', 'abcdef');
    put('model.txt', 'abc');

    expect(openModel(directory, owner).input.featureCount).toBe(3);
  });

  it('with models in two folders is refused, naming both', () => {
    put('one/model.txt', 'abc');
    put('two/model.txt', 'abc');

    expect(() => openModel(directory, owner)).toThrow('found one in each of the folders one/, two/');
  });

  it('with a folder that the algorithm refuses names the folder, unless another one has a model', () => {
    put('one/bad.txt', '');
    expect(() => openModel(directory, owner)).toThrow('In folder one/ of the model: one/bad.txt is bad.');

    put('two/model.txt', 'abc');
    expect(openModel(directory, owner).input.featureCount).toBe(3);
  });

  it('ignores hidden folders and those that macOS adds', () => {
    put('__MACOSX/model.txt', 'abc');
    put('.git/model.txt', 'abc');

    expect(() => openModel(directory, owner)).toThrow('must contain a model with .manifest.json');
  });

  it('without a model raises an error that says what its files are', () => {
    put('model.onnx', 'x');
    put('notes.txt', 'x');
    put('data/a.csv', '1');

    expect(() => openModel(directory, identity)).toThrow('found data/, model.onnx (an ONNX model), notes.txt. Use');
  });
});

describe('the kind of a file', () => {
  it.each<[string, string, Uint8Array | string]>([
    ['pickle', 'model', Buffer.from('80049512', 'hex')],
    ['pickle', 'model', 'ccopy_reg\n_reconstructor'],
    ['zlib', 'model', Buffer.from('789c', 'hex')],
    ['gzip', 'model.gz', gzipSync('{"learner":1}')],
    ['rds', 'model', gzipSync(Buffer.from('580a000000030004', 'hex'))],
    ['rds', 'model.rds', gzipSync('RDX3\nX')],
    ['zip', 'model', Buffer.from('504b0304', 'hex')],
    ['keras', 'model.keras', Buffer.from('504b0304', 'hex')],
    ['pytorch', 'model.pt', Buffer.from('504b0304', 'hex')],
    ['compressed', 'model.bz2', 'BZh91AY'],
    ['tar', 'model', `${'a'.repeat(257)}ustar`],
    ['xgboost-binary', 'model', 'binf\0\0'],
    ['xgboost-binary', 'model', `${'\0'.repeat(144)}reg:linear\u0006${'\0'.repeat(7)}gbtree`],
    ['xgboost-base64', 'model', 'bs64'],
    ['lightgbm', 'model.txt', 'tree\r\nversion=v3'],
    ['catboost', 'model', 'CBM1'],
    ['text-dump', 'dump.txt', 'booster[0]:'],
    ['text-dump', 'trees', '0:[f0<0.5] yes=1,no=2,missing=2\n'],
    ['text-dump', 'trees', '0:leaf=0.5\n'],
    ['onnx', 'model', Buffer.from('\u0008\u0007\u0012\u0007pytorch', 'latin1')],
    ['onnx', 'model.onnx', 'anything'],
    ['saved-model', '1/saved_model.pb', 'x'],
    ['hdf5', 'model.h5', Buffer.from('894844460d0a1a0a', 'hex')],
    ['tflite', 'model', 'abcdTFL3'],
    ['git-lfs', 'model.json', 'version https://git-lfs.github.com/spec/v1'],
    ['pmml', 'model.pmml', '<?xml version="1.0"?><PMML>'],
    ['xml', 'index.html', '<html>'],
    ['empty', 'model', ''],
  ])('is recognized as %s: %s', (kind, name, start) => {
    expect(recognizeFile(name, typeof start === 'string' ? Buffer.from(start) : start)?.kind).toBe(kind);
  });

  it.each(['notes.txt', 'data.csv', 'model.json', 'requirements.txt'])('is unknown for the text %s', (name) => {
    expect(recognizeFile(name, Buffer.from('{"a": 1}, x,y,z'))).toBeUndefined();
  });
});
