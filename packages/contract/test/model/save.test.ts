import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { finishInterruptedSave, hasModel, removeUnfinishedModel } from '../../src/model/directory.js';
import { openModel } from '../../src/model/open.js';
import { createModelWriter, writeModel } from '../../src/model/save.js';
import type { ContainerRoot } from '../../src/testing/container-root.js';
import { useRoot } from '../roots.js';

const identity = { name: 'linear', version: '1.2.3', train: () => undefined };
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
    openSync: counted(actual.openSync),
    writeSync: counted(actual.writeSync),
    fsyncSync: counted(actual.fsyncSync),
    writeFileSync: counted(actual.writeFileSync),
    renameSync: counted(actual.renameSync),
    rmSync: counted(actual.rmSync),
    rmdirSync: counted(actual.rmdirSync),
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
useRoot((own) => {
  root = own;
  directory = own.paths.model;
});

it.each([
  [{ featureNames: ['a', 'b'] }, 'featureNames must have a name for each of the 1 features; received 2.'],
  [{ categories: { labels: [], features: [] } }, 'categories.features must have an entry for each of the 1 features'],
])('a model is not saved with rows that cannot be right: %j', async (rows, problem) => {
  const saving = writeModel(directory, { ...model, ...rows }, identity);

  await expect(saving).rejects.toThrow(`saveModel: ${problem}`);
});

describe('a saved model', () => {
  it('is on disk when the call returns, and read back with each file checked against the manifest', () => {
    void writeModel(directory, model, identity);

    const artifact = openModel(directory, identity);

    expect(artifact).toMatchObject({ names: ['model.json', 'trees/0.bin'], input: { featureCount: 1 } });
    expect(artifact.readJson('model.json', z.object({ slope: z.number() }))).toEqual({ slope: 3 });
    expect([...artifact.read('trees/0.bin')]).toEqual([1, 2]);
  });

  it('has copies of files that are named by path, and the bytes of streams', async () => {
    const bytes = Buffer.alloc(3 * 2 ** 20 + 1, 'abc');
    writeFileSync(join(root.paths.base, 'weights'), bytes);
    const files = { copied: { path: join(root.paths.base, 'weights') }, streamed: Readable.from([bytes, bytes]) };

    await writeModel(directory, { files, featureCount: 1 }, identity);

    const artifact = openModel(directory, identity);
    expect(artifact.read('copied').equals(bytes)).toBe(true);
    expect(artifact.read('streamed').equals(Buffer.concat([bytes, bytes]))).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(['.manifest.json', 'copied', 'streamed']);
  });

  it('is the one that was saved last, though a stream of an earlier one ends later', async () => {
    const writer = createModelWriter(directory, identity);
    const gate = Promise.withResolvers<void>();
    const late = async function* () {
      await gate.promise;
      yield Uint8Array.of(1);
    };
    const earlier = writer.save({ files: { early: late() }, featureCount: 1 });
    void writer.save({ files: { last: 'x' }, featureCount: 1 });

    gate.resolve();
    await earlier;

    expect(readdirSync(directory).sort()).toEqual(['.manifest.json', 'last']);
  });

  it('stays as it was when a stream of the next one fails, with the stream’s own error', async () => {
    await writeModel(directory, model, identity);
    const broken = async function* () {
      yield Uint8Array.of(1);
      throw new RangeError('the device is gone');
    };

    const saving = writeModel(directory, { files: { 'new.bin': broken() }, featureCount: 1 }, identity);

    await expect(saving).rejects.toThrow(new RangeError('the device is gone'));
    expect(readdirSync(directory).sort()).toEqual(['.manifest.json', 'model.json', 'trees']);
  });

  it('names a file that cannot be copied', async () => {
    const saving = writeModel(directory, { files: { a: { path: '/no/such/file' } }, featureCount: 1 }, identity);

    await expect(saving).rejects.toMatchObject({
      code: 'E_ALGORITHM',
      message: expect.stringContaining('saveModel: the file /no/such/file could not be read'),
    });
  });

  it.each([
    ['a folder', { path: '/' }, 'the file / could not be read'],
    [
      'floats',
      new Float64Array(2),
      'a file must be text, bytes, { path } or a stream of bytes; received Float64Array.',
    ],
    ['nothing', undefined, 'a file must be text, bytes, { path } or a stream of bytes; received undefined.'],
    ['null', null, 'a file must be text, bytes, { path } or a stream of bytes; received null.'],
    ['a list', [1], 'a file must be text, bytes, { path } or a stream of bytes; received Array.'],
    ['a stream of numbers', Readable.from([5]), 'a stream must give bytes or text; received 5.'],
    [
      'a stream of floats',
      Readable.from([new Float32Array(2)]),
      'a stream must give bytes or text; received Float32Array.',
    ],
  ])('cannot be made of %s, for which the algorithm is to blame', async (_, content, message) => {
    const saving = writeModel(directory, { files: { a: content as never }, featureCount: 1 }, identity);

    await expect(saving).rejects.toMatchObject({
      code: 'E_ALGORITHM',
      message: expect.stringContaining(`saveModel: ${message}`),
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('has the bytes of a stream of text, however many bytes a character has', async () => {
    await writeModel(directory, { files: { a: Readable.from(['é', '🐧']) as never }, featureCount: 1 }, identity);

    expect(openModel(directory, identity).read('a').toString()).toBe('é🐧');
  });

  it('is equal bytes for equal models', async () => {
    await writeModel(directory, model, identity);
    const first = readFileSync(join(directory, '.manifest.json'));

    await writeModel(directory, model, identity);

    expect(readFileSync(join(directory, '.manifest.json'))).toEqual(first);
  });

  it('replaces an earlier one as a whole', async () => {
    await writeModel(directory, model, identity);

    await writeModel(directory, { files: { 'other.json': '{}' }, featureCount: 2 }, identity);

    expect(readdirSync(directory).sort()).toEqual(['.manifest.json', 'other.json']);
  });

  it.each([
    [
      'after a killed process',
      (folder: string) => hasModel(folder) || removeUnfinishedModel(folder),
      ['older', 'none', 'newer'],
    ],
    ['after a stop, which finishes what was begun', finishInterruptedSave, ['older', 'newer']],
  ] as const)(
    'is the older one, the newer one or missing, wherever saving the newer one is interrupted: %s',
    async (_, recover, kinds) => {
      const newer = { files: { 'model.json': '{"slope":4}', 'more/1.bin': 'm' }, featureCount: 1 };
      const found: string[] = [];
      for (let steps = 0, isDone = false; !isDone; steps++) {
        await writeModel(directory, model, identity);
        stepsLeft = steps;
        isDone = await writeModel(directory, newer, identity).then(
          () => true,
          () => false,
        );
        stepsLeft = Number.POSITIVE_INFINITY;
        recover(directory);
        if (!hasModel(directory)) {
          expect(readdirSync(directory)).toEqual([]);
          found.push('none');
          continue;
        }
        const artifact = openModel(directory, identity);
        const contents = artifact.names.map((name) => artifact.read(name).toString());
        found.push(contents.includes('{"slope":4}') ? 'newer' : 'older');
      }

      expect(found.filter((kind, index) => kind !== found[index - 1])).toEqual(kinds);
    },
  );

  it('cannot have file names that an archive cannot contain, or a featureCount of 0', async () => {
    const save = (change: object) => writeModel(directory, { ...model, ...change }, identity);

    await expect(save({ files: { '../x': '' } })).rejects.toThrow('"../x" is not a usable');
    await expect(save({ files: { 'a\0': '' } })).rejects.toThrow('is not a usable');
    await expect(save({ files: { 'a/b': '', a: '' } })).rejects.toThrow(
      'saveModel: "a" cannot be a file and the folder of "a/b".',
    );
    await expect(save({ featureCount: 0 })).rejects.toThrow('received 0');
  });
});

it('removes what an interrupted first save left, and keeps a complete model', async () => {
  writeFileSync(join(directory, 'half.bin'), 'x');
  removeUnfinishedModel(directory);
  expect(readdirSync(directory)).toEqual([]);

  await writeModel(directory, model, identity);
  removeUnfinishedModel(directory);
  expect(hasModel(directory)).toBe(true);
  expect(existsSync(join(directory, 'trees/0.bin'))).toBe(true);
});
