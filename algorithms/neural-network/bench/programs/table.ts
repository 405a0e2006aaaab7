/**
 * The tables of the bench, made from a seed and kept as float32 files that Node and Python read alike: `.features`
 * [rows × columns], row-major, already standardized, and `.labels` [rows] of 0 and 1 that depend on products of columns.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, normal } from '@algo/numerics';

/** A dense network with one output, and what it is trained on. */
export interface Net {
  readonly columns: number;
  readonly hidden: readonly number[];
  readonly rows: number;
  readonly batch: number;
  readonly epochs: number;
}

export interface TableFiles {
  readonly features: string;
  readonly labels: string;
}

/** The files of the net's table in `directory`, written unless they are there. */
export function tableFiles(directory: string, { rows, columns }: Net, seed: number): TableFiles {
  const name = `network-${rows}x${columns}-seed-${seed}`;
  const files = { features: join(directory, `${name}.features`), labels: join(directory, `${name}.labels`) };
  if (existsSync(files.features) && existsSync(files.labels)) return files;
  const random = createRandom(seed);
  const features = Float32Array.from({ length: rows * columns }, () => normal(random));
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const at = row * columns;
    const margin = features[at]! * features[at + 1]! + features[at + 2]! - features[at + 3]! ** 2 + 1;
    return random.uniform() < 1 / (1 + Math.exp(-2 * margin)) ? 1 : 0;
  });
  mkdirSync(directory, { recursive: true });
  for (const [path, values] of [
    [files.features, features],
    [files.labels, labels],
  ] as const) {
    writeFileSync(`${path}.partial`, new Uint8Array(values.buffer));
    renameSync(`${path}.partial`, path);
  }
  return files;
}
