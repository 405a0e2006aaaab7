/** What the program reads before it can answer; each 100 kB take 3 ms of a processor at every start of a container. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
/** The program, and what its command `serve` imports. */
const FIRST = ['program.js', 'program.serve.part.js'];

/** The files with all that they import statically. */
function loadedFiles(first: readonly string[] = FIRST): string[] {
  const found = new Set(first);
  for (const file of found) {
    const text = readFileSync(join(DIST, file), 'utf8');
    for (const [, imported] of text.matchAll(/^(?:import|export) .*"\.\/([^"]+)";$/gm)) found.add(imported!);
  }
  return [...found];
}

/** Modules in these files, as `folder/name`; a file that only passes on another's has none, and no map. */
function modulesIn(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    if (!existsSync(join(DIST, `${file}.map`))) return [];
    const { sources }: { sources: readonly string[] } = JSON.parse(readFileSync(join(DIST, `${file}.map`), 'utf8'));
    return sources.map((source) => `${basename(dirname(source))}/${basename(source).replace(/\.[jt]s$/, '')}`);
  });
}

it('serve loads what it needs, and neither training, nor what few containers have, nor schemas, nor readers of formats, nor other commands', () => {
  const all = readdirSync(DIST).filter((file) => /^program.*\.js$/.test(file));
  const others = [
    'src/train',
    'engine/boost',
    'growing/grower',
    'objectives/softmax',
    'ranking/lambda-rank',
    'evaluation/classification',
    'hyperparameters/rules',
    'model/write',
    'job/fit',
    'training/thread',
    'specification/describe',
  ];
  const rare = [
    'dist/environment',
    'models/model-host',
    'conversation/conversations',
    'body-stream/stream-body',
    'serve/worker',
  ];
  const schemas = ['core/schemas', 'classic/schemas', 'hyperparameters/boosting'];
  const readers = ['csv/parser', 'parquet/file', 'recordio/record', 'libsvm/parser', 'channels/tar'];

  const loaded = modulesIn(loadedFiles());

  expect(loaded).toEqual(
    expect.arrayContaining([
      'src/algorithm',
      'serve/serve',
      'inference/serve',
      'predict/predictor',
      'objectives/response',
    ]),
  );
  const unneeded = [...others, ...rare, ...schemas, ...readers];
  expect(modulesIn(all)).toEqual(expect.arrayContaining(unneeded));
  expect(loaded.filter((name) => unneeded.includes(name))).toEqual([]);
});

it('readers of formats load neither objectives nor metrics', () => {
  const readers = readdirSync(DIST).filter((file) =>
    /^program.*\.(reader|records|read-.*-buffer)\.part\.js$/.test(file),
  );

  const loaded = modulesIn(loadedFiles(readers));

  expect(loaded).toEqual(expect.arrayContaining(['csv/parser', 'parquet/file', 'libsvm/parser']));
  expect(
    loaded.filter((name) => /^(objectives\/softmax|ranking\/lambda-rank|evaluation\/.*curves)$/.test(name)),
  ).toEqual([]);
});

it('what serve loads has at most 450 kB', () => {
  const bytes = loadedFiles().map((file) => readFileSync(join(DIST, file)).byteLength);

  expect(bytes.length).toBeGreaterThan(2);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(450_000);
});
