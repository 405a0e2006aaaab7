/** A committed sample: its files, and what holds for that of every algorithm. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { SampleFiles } from '../sample.ts';

export const lines = (text: string): readonly string[] => text.trimEnd().split('\n');
const withoutLabel = (line: string): string => line.slice(line.indexOf(',') + 1);
export const labelOf = (line: string): number => Number(line.slice(0, line.indexOf(',')));
export const numbers = (csv: string): number[][] => lines(csv).map((line) => line.split(',').map(Number));

const BATCH_PARTS = ['input', 'more'];
const BATCH = BATCH_PARTS.map((part) => `${part}.csv`);

/** What the records of RecordIO hold. */
export function payloads(file: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32LE(at + 4);
    found.push(file.subarray(at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 4) * 4;
  }
  return found;
}

/** The rows of an array that NumPy reads. */
export function npyRows(file: Buffer): number[][] {
  const start = 10 + file.readUInt16LE(8);
  const [, type, rows, columns = '1'] =
    /'descr': '<(f8|f4|i4)', .*'shape': \((\d+),(?: (\d+))?\)/.exec(file.toString('latin1', 10, start)) ?? [];
  const Values = { f8: Float64Array, f4: Float32Array, i4: Int32Array }[type as 'f8' | 'f4' | 'i4'];
  const values = [...new Values(Uint8Array.from(file.subarray(start)).buffer)];
  return Array.from({ length: Number(rows) }, (_, row) =>
    values.slice(row * Number(columns), (row + 1) * Number(columns)),
  );
}

/** Reads the files of a sample. */
export function openCommitted(algorithm: string) {
  const folder = join(import.meta.dirname, '..', algorithm);
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const batchRows = () => BATCH.flatMap((name) => lines(read(`inference/batch/${name}`)));
  const realTime = (name: string) => read(`inference/real-time-output/${name}`);
  return {
    folder,
    read,
    bytes: (path: string) => readFileSync(join(folder, path)),
    /** The stored answer of a real-time request, as text, JSON Lines and JSON. */
    realTime,
    records: <T>(name: string) => lines(realTime(name)).map((line) => JSON.parse(line) as T),
    predictions: <T>(name: string) => (JSON.parse(realTime(name)) as { predictions: T[] }).predictions,
    /** The rows of the batch, and their stored answers, of one file after the other. */
    batchRows,
    batch: () => BATCH.flatMap((name) => numbers(read(`inference/batch-output/${name}.out`))),
    /** The stored answers of a batch of another format. */
    batchOf: (path: string) =>
      BATCH_PARTS.map((part) => read(`inference/batch-by-type-output/${path.replace('*', part)}.out`)),
    /** The labels of the batch's rows, from the source table. */
    batchLabels(source: string) {
      const labels = new Map(lines(read(`source/${source}`)).map((line) => [withoutLabel(line), labelOf(line)]));
      return batchRows().map((line) => labels.get(line));
    },
  };
}

export interface SampleFacts {
  readonly sampleFiles: () => Promise<SampleFiles>;
  readonly source: string;
  readonly rows: number;
  readonly maxSourceBytes: number;
  readonly maxBytes: number;
}

/** Registers the tests of a sample against its source table. */
export function testSample(algorithm: string, { sampleFiles, source, rows, maxSourceBytes, maxBytes }: SampleFacts) {
  const { folder, read, batchRows } = openCommitted(algorithm);
  let made: SampleFiles;

  beforeAll(async () => {
    made = await sampleFiles();
  });

  it('has no inputs other than those of prepare.ts', () => {
    const folders = ['train', 'validation', 'inference/batch', 'inference/batch-by-type', 'inference/real-time'];
    const committed = folders.flatMap((path) =>
      readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/')),
    );

    expect(committed.sort()).toEqual(
      [...made.keys()].filter((path) => /^(train|validation|inference)\//.test(path)).sort(),
    );
  });

  it('has every row of the source table once', () => {
    const all = lines(read(`source/${source}`)).slice(1);
    const labelled = [...lines(read('train/train.csv')), ...lines(read('validation/validation.csv'))];
    const inference = batchRows();
    const features = new Set([...labelled.map(withoutLabel), ...inference]);

    expect(new Set(all.map(withoutLabel)).size).toBe(rows); // no duplicates, so sets of lines are enough
    expect(labelled.filter((line) => !all.includes(line))).toEqual([]);
    expect([labelled.length + inference.length, features.size]).toEqual([rows, rows]);
    expect([...features].filter((line) => !all.map(withoutLabel).includes(line))).toEqual([]);
  });

  it('has a profile with files that exist, and each real-time input once', () => {
    const profile = JSON.parse(read('validation-profile.json')) as { realTime: { input: string }[] };
    const inputs = profile.realTime.map((entry) => entry.input);

    const realTime = [...made.keys()].filter((path) => path.startsWith('inference/real-time/'));
    expect([...inputs].sort()).toEqual(realTime.sort());
    for (const input of inputs) expect(statSync(join(folder, input)).isFile()).toBe(true);
  });

  it(`takes at most ${maxSourceBytes} bytes for the table, ${maxBytes} with everything generated from it`, () => {
    const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

    expect(statSync(join(folder, 'source', source)).size).toBeLessThanOrEqual(maxSourceBytes);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
  });
}
