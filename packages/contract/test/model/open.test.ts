import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../src/errors.js';
import { hasModel } from '../../src/model/directory.js';
import type { ImportedModel } from '../../src/model/model.js';
import { openAdditionalModels, openModel } from '../../src/model/open.js';
import { writeModel } from '../../src/model/save.js';
import type { ContainerRoot } from '../../src/testing/container-root.js';
import { useRoot } from '../roots.js';

const identity = { name: 'linear', version: '1.2.3', train: () => undefined };
const model = { files: { 'model.json': '{"slope":3}', 'trees/0.bin': Uint8Array.of(1, 2) }, featureCount: 1 };

let root: ContainerRoot;
let directory: string;
useRoot((own) => {
  root = own;
  directory = own.paths.model;
});

describe('a model directory without a manifest', () => {
  const adoptModel = ({ names, read }: ImportedModel) =>
    names.includes('model.txt') ? { files: ['model.txt'], featureCount: read('model.txt').length } : undefined;

  it('is adopted if the algorithm recognizes its files', () => {
    writeFileSync(join(directory, 'model.txt'), 'abc');
    writeFileSync(join(directory, 'notes.md'), '');
    writeFileSync(join(directory, '.hidden'), '');
    const seen: string[] = [];

    const artifact = openModel(directory, {
      ...identity,
      adoptModel(model) {
        seen.push(...model.names);
        return adoptModel(model);
      },
    });

    expect(seen).toEqual(['model.txt', 'notes.md']);
    expect(artifact.input).toEqual({ featureCount: 3 });
    expect(artifact.read('model.txt').toString()).toBe('abc');
    expect(() => artifact.read('notes.md')).toThrow('does not list this file');
  });

  it('is refused if the algorithm does not recognize its files', () => {
    writeFileSync(join(directory, 'other.txt'), 'abc');

    expect(() => openModel(directory, { ...identity, adoptModel })).toThrow('.manifest.json; found other.txt');
  });

  it('is never adopted if it has a manifest', () => {
    void writeModel(directory, { ...model, files: { 'model.txt': 'abcd' } }, identity);

    expect(openModel(directory, { ...identity, adoptModel }).input.featureCount).toBe(1);
  });
});

describe('a model of an older version, whose manifest has no leading dot,', () => {
  const older = () => {
    void writeModel(directory, model, identity);
    renameSync(join(directory, '.manifest.json'), join(directory, 'manifest.json'));
  };

  it('is read and checked like a current one', () => {
    older();
    expect(hasModel(directory)).toBe(true);
    expect([...openModel(directory, identity).read('trees/0.bin')]).toEqual([1, 2]);

    writeFileSync(join(directory, 'model.json'), '{"slope":4}');
    expect(() => openModel(directory, identity).read('model.json')).toThrow('changed or damaged');
  });

  it('is replaced together with its manifest', () => {
    older();

    void writeModel(directory, { files: { 'other.json': '{}' }, featureCount: 2 }, identity);

    expect(readdirSync(directory).sort()).toEqual(['.manifest.json', 'other.json']);
  });

  it('is not confused with another program’s manifest.json', () => {
    writeFileSync(join(directory, 'manifest.json'), '{"short_name":"app","icons":[]}');

    expect(hasModel(directory)).toBe(false);
    expect(() => openModel(directory, identity)).toThrow('found manifest.json');
  });
});

describe('the files of a model package', () => {
  const owner = { name: 'packaged', version: '1.0.0' };

  it('are as they are, without a manifest', () => {
    mkdirSync(join(directory, 'vocabulary'));
    writeFileSync(join(directory, 'vocabulary/words.txt'), 'a b');
    writeFileSync(join(directory, 'model.onnx'), 'x');
    writeFileSync(join(directory, '.hidden'), '');

    const artifact = openModel(directory, owner);

    expect(artifact.names).toEqual(['model.onnx', 'vocabulary/words.txt']);
    expect(artifact.path('vocabulary/words.txt')).toBe(join(directory, 'vocabulary/words.txt'));
    expect(artifact.read('model.onnx').toString()).toBe('x');
    expect(artifact.input).toEqual({});
    expect(() => artifact.path('model.bin')).toThrow(
      'there is no such file; there is model.onnx, vocabulary/words.txt',
    );
  });

  it('may be in the image, with no directory at all', () => {
    expect(openModel(join(directory, 'none'), owner).names).toEqual([]);
  });

  it('are checked against a manifest where there is one', () => {
    void writeModel(directory, model, owner);
    writeFileSync(join(directory, 'model.json'), '{"slope":4}');

    expect(openModel(directory, owner).path('trees/0.bin')).toBe(join(directory, 'trees/0.bin'));
    expect(() => openModel(directory, owner).path('model.json')).toThrow('changed or damaged');
  });

  it('may come from further data sources, by the names of their channels', () => {
    const { additionalModels } = root.paths;
    root.write('additional-model-data-sources/draft_model/weights.bin', 'w');

    expect(openAdditionalModels(additionalModels).draft_model?.read('weights.bin').toString()).toBe('w');
    expect(openAdditionalModels(join(additionalModels, 'none'))).toEqual({});
  });
});

describe('a model directory that cannot be served', () => {
  it('is refused without a manifest, naming what was found', () => {
    writeFileSync(join(directory, 'xgboost-model'), '');

    expect(() => openModel(directory, identity)).toThrow(
      /must contain a model with \.manifest\.json; found xgboost-model/,
    );
  });

  it('is refused if it is from another algorithm, naming both', () => {
    void writeModel(directory, model, { ...identity, name: 'trees' });

    expect(() => openModel(directory, identity)).toThrow('algorithm must be "linear"; received "trees"');
  });

  it('is refused in a newer format, naming the version that can read it', () => {
    void writeModel(directory, model, identity);
    const path = join(directory, '.manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"formatVersion": 1', '"formatVersion": 9'));

    expect(() => openModel(directory, identity)).toThrow('formatVersion must be at most 1; received 9');
  });

  it('is refused so whatever else a newer format has', () => {
    const path = join(directory, '.manifest.json');
    for (const [algorithm, named] of [
      [{ name: 'linear', version: '9.1.0' }, 'trained it, 9.1.0, or a newer one'],
      ['linear', 'trained it or a newer one'],
      [null, 'trained it or a newer one'],
    ] as const) {
      writeFileSync(path, JSON.stringify({ formatVersion: 2, algorithm, rows: [] }));

      expect(() => openModel(directory, identity)).toThrow(
        `${path}: formatVersion must be at most 1; received 2. Serve the model with the version that ${named}.`,
      );
    }
  });

  it('is refused with the first of many things that are wrong in its manifest, and their number', () => {
    void writeModel(directory, model, identity);
    const path = join(directory, '.manifest.json');
    const text = readFileSync(path, 'utf8');
    const featureNames = Array.from({ length: 10_000 }, (_, index) => index);
    writeFileSync(path, text.replace('"featureCount": 1', `"featureCount": 1, "featureNames": [${featureNames}]`));

    expect(() => openModel(directory, identity)).toThrow(
      /^.*manifest\.json: input\.featureNames\[0\] must be a string; received 0; .*featureNames\[9\] must be a string; received 9; and 9990 more\.$/,
    );
  });

  it.each(['null', '[]', '3'])('is refused with the manifest %s', (text) => {
    writeFileSync(join(directory, '.manifest.json'), text);

    expect(() => openModel(directory, identity)).toThrow(`the manifest must be an object; received ${text}`);
  });

  it('is refused with a folder in the place of its manifest', () => {
    mkdirSync(join(directory, '.manifest.json'));

    expect(() => openModel(directory, identity)).toThrow(ClientError);
    expect(() => openModel(directory, identity)).toThrow(
      '.manifest.json: it says what the model is, but it cannot be read',
    );
  });

  it('is not taken for one of ours by a folder manifest.json', () => {
    mkdirSync(join(directory, 'manifest.json'));

    expect(hasModel(directory)).toBe(false);
    expect(() => openModel(directory, identity)).toThrow('found manifest.json/');
  });

  it('is refused if it is from an algorithm with a long name, with its beginning', () => {
    void writeModel(directory, model, { ...identity, name: 'trees'.repeat(1000) });

    expect(() => openModel(directory, identity)).toThrow(/algorithm must be "linear"; received "(?:trees){7}tree…"\.$/);
  });

  it('is refused with all that is wrong in its manifest, in words', () => {
    void writeModel(directory, model, identity);
    const path = join(directory, '.manifest.json');
    const text = readFileSync(path, 'utf8').replace('"formatVersion": 1', '"formatVersion": 0');
    writeFileSync(path, text.replace(/"featureCount": \d+/, '"featureCount": "2"'));

    const open = () => openModel(directory, identity);

    expect(open).toThrow('formatVersion must be an integer of at least 1; received 0');
    expect(open).toThrow('input.featureCount must be an integer of at least 0; received "2"');
  });

  it('is refused if a file changed after training', () => {
    void writeModel(directory, model, identity);
    writeFileSync(join(directory, 'model.json'), '{"slope":4}');

    expect(() => openModel(directory, identity).read('model.json')).toThrow('changed or damaged');
  });

  it('is refused if a file is a link to itself', () => {
    void writeModel(directory, model, identity);
    rmSync(join(directory, 'model.json'));
    symlinkSync('model.json', join(directory, 'model.json'));

    expect(() => openModel(directory, identity).read('model.json')).toThrow(ClientError);
    expect(() => openModel(directory, identity).read('model.json')).toThrow(
      'the model has this file, but it cannot be read',
    );
  });

  it('is refused with a file that the manifest does not list', () => {
    void writeModel(directory, model, identity);

    expect(() => openModel(directory, identity).read('toString')).toThrow('does not list this file');
  });
});
