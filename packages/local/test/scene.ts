/**
 * What every test of a job needs: a temporary folder that is removed afterwards, the fixture program, and files.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packFolder } from '../src/files/pack-archive.js';
import { describeProgram, locateProgram, removeTree } from '../src/index.js';

export const SUM_FOLDER = join(import.meta.dirname, 'fixtures', 'sum');
export const sumProgram = locateProgram(SUM_FOLDER);
export const sumDescription = await describeProgram(sumProgram);

/** A folder of this test's own, removed when the test is over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-local-'));
  onTestFinished(() => removeTree(folder));
  return folder;
}

/** Writes files below `folder`; returns the folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** model.tar.gz of a sum model, as its training would leave it. */
export async function makeSumModel(folder: string, sum = 100): Promise<string> {
  const archive = join(folder, 'model.tar.gz');
  await packFolder(writeFiles(join(folder, 'model-files'), { 'model.json': JSON.stringify({ sum }) }), archive);
  return archive;
}
