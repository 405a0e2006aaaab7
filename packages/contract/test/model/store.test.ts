import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { hasModel, removeUnfinishedModel } from '../../src/model/directory.js';
import { type ImportedModel, openModel, saveModel } from '../../src/model/store.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';

const identity = { name: 'linear', version: '1.2.3' };
const model = { files: { 'model.json': '{"slope":3}', 'trees/0.bin': Uint8Array.of(1, 2) }, featureCount: 1 };

/** Steps of the file system that a save takes before it is interrupted; it may take all of them by default. */
let stepsLeft = Number.POSITIVE_INFINITY;

vi.mock('node:fs', async (importActual) => {
  const actual = await importActual<typeof import('node:fs')>();
  const counted = <A extends unknown[], R>(step: (...args: A) => R) => {
    return (...args: A): R => {
      if (stepsLeft-- <= 0) throw new Error('interrupted');
      return step(...args);
    };
  };
  return {
    ...actual,
    writeFileSync: counted(actual.writeFileSync),
    renameSync: counted(actual.renameSync),
    rmSync: counted(actual.rmSync),
    mkdirSync: counted(actual.mkdirSync),
    // A directory has its entries in any order; the one that is worst for an interrupted save: the manifest last.
    readdirSync: (...args: Parameters<typeof actual.readdirSync>) =>
      (actual.readdirSync(...args) as unknown as (string | { name: string })[]).sort((a, b) =>
        order(a) < order(b) ? -1 : 1,
      ),
  };
});

function order(entry: string | { readonly name: string }): string {
  const name = typeof entry === 'string' ? entry : entry.name;
  return name === '.manifest.json' ? '~' : name;
}

let root: ContainerRoot;
let directory: string;
beforeEach(() => {
  root = makeContainerRoot();
  directory = root.paths.model;
});
afterEach(() => root.remove());

describe('a saved model', () => {
  it('is read back, with each file checked against the manifest', () => {
    saveModel(directory, model, identity);

    const artifact = openModel(directory, identity);

    expect(artifact.manifest).toMatchObject({ algorithm: identity, input: { featureCount: 1 } });
    expect(artifact.readJson('model.json', z.object({ slope: z.number() }))).toEqual({ slope: 3 });
    expect([...artifact.read('trees/0.bin')]).toEqual([1, 2]);
  });

  it('has the same bytes for the same model', () => {
    saveModel(directory, model, identity);
    const first = readFileSync(join(directory, '.manifest.json'));

    saveModel(directory, model, identity);

    expect(readFileSync(join(directory, '.manifest.json'))).toEqual(first);
  });

  it('replaces an earlier one as a whole', () => {
    saveModel(directory, model, identity);

    saveModel(directory, { files: { 'other.json': '{}' }, featureCount: 2 }, identity);

    expect(readdirSync(directory).sort()).toEqual(['.manifest.json', 'other.json']);
  });

  it('is the older one, the newer one or missing, wherever saving the newer one is interrupted', () => {
    const newer = { files: { 'model.json': '{"slope":4}', 'more/1.bin': 'm' }, featureCount: 1 };
    const found: string[] = [];
    for (let steps = 0, isDone = false; !isDone; steps++) {
      saveModel(directory, model, identity);
      stepsLeft = steps;
      try {
        saveModel(directory, newer, identity);
        isDone = true;
      } catch {
        // interrupted
      }
      stepsLeft = Number.POSITIVE_INFINITY;
      if (!hasModel(directory)) {
        removeUnfinishedModel(directory);
        expect(readdirSync(directory)).toEqual([]);
        found.push('none');
        continue;
      }
      const artifact = openModel(directory, identity);
      const contents = Object.keys(artifact.manifest.files).map((name) => artifact.read(name).toString());
      found.push(contents.includes('{"slope":4}') ? 'newer' : 'older');
    }

    expect(found.filter((kind, index) => kind !== found[index - 1])).toEqual(['older', 'none', 'newer']);
  });

  it('cannot have file names that an archive cannot contain, or a featureCount of 0', () => {
    expect(() => saveModel(directory, { ...model, files: { '../x': '' } }, identity)).toThrow('"../x" is not a usable');
    expect(() => saveModel(directory, { ...model, featureCount: 0 }, identity)).toThrow('received 0');
  });
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
    expect(artifact.manifest.input).toEqual({ featureCount: 3 });
    expect(artifact.read('model.txt').toString()).toBe('abc');
    expect(() => artifact.read('notes.md')).toThrow('does not list this file');
  });

  it('is refused if the algorithm does not recognize its files', () => {
    writeFileSync(join(directory, 'other.txt'), 'abc');

    expect(() => openModel(directory, { ...identity, adoptModel })).toThrow('.manifest.json; found other.txt');
  });

  it('is never adopted if it has a manifest', () => {
    saveModel(directory, { ...model, files: { 'model.txt': 'abcd' } }, identity);

    expect(openModel(directory, { ...identity, adoptModel }).manifest.input.featureCount).toBe(1);
  });
});

describe('a model of an older version, whose manifest has no leading dot,', () => {
  const older = () => {
    saveModel(directory, model, identity);
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

    saveModel(directory, { files: { 'other.json': '{}' }, featureCount: 2 }, identity);

    expect(readdirSync(directory).sort()).toEqual(['.manifest.json', 'other.json']);
  });

  it('is not confused with another program’s manifest.json', () => {
    writeFileSync(join(directory, 'manifest.json'), '{"short_name":"app","icons":[]}');

    expect(hasModel(directory)).toBe(false);
    expect(() => openModel(directory, identity)).toThrow('found manifest.json');
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
    saveModel(directory, model, { ...identity, name: 'trees' });

    expect(() => openModel(directory, identity)).toThrow('algorithm must be "linear"; received "trees"');
  });

  it('is refused in a newer format, naming the version that can read it', () => {
    saveModel(directory, model, identity);
    const path = join(directory, '.manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"formatVersion": 1', '"formatVersion": 9'));

    expect(() => openModel(directory, identity)).toThrow('formatVersion must be at most 1; received 9');
  });

  it('is refused if a file changed after training', () => {
    saveModel(directory, model, identity);
    writeFileSync(join(directory, 'model.json'), '{"slope":4}');

    expect(() => openModel(directory, identity).read('model.json')).toThrow('changed or damaged');
  });

  it('is refused with a file that the manifest does not list', () => {
    saveModel(directory, model, identity);

    expect(() => openModel(directory, identity).read('toString')).toThrow('does not list this file');
  });
});

it('saving removes the leftovers of an interrupted first save, and keeps a complete model', () => {
  writeFileSync(join(directory, 'half.bin'), 'x');
  removeUnfinishedModel(directory);
  expect(readdirSync(directory)).toEqual([]);

  saveModel(directory, model, identity);
  removeUnfinishedModel(directory);
  expect(hasModel(directory)).toBe(true);
  expect(existsSync(join(directory, 'trees/0.bin'))).toBe(true);
});
