/** A table with columns of text, as CSV, made from a seed and kept: a label, six text columns, two columns of numbers. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '@algo/numerics';

/** Names of each text column: from a colour to the id of a customer. */
const TEXT_COLUMNS = [3, 12, 50, 200, 1000, 20_000] as const;

const WORDS = ['colour', 'city', 'department', 'zip code', 'product', 'customer'];
const CHUNK_CHARS = 1 << 20;

/** The path of the table in `directory`, written unless it is there. Frequent names are more frequent than in a uniform draw. */
export function textTable(directory: string, { rows, seed }: { readonly rows: number; readonly seed: number }): string {
  const path = join(directory, `text-${rows}-seed-${seed}.csv`);
  if (existsSync(path)) return path;
  mkdirSync(directory, { recursive: true });
  const random = createRandom(seed);
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  let chunk = '';
  for (let row = 0; row < rows; row++) {
    const texts = TEXT_COLUMNS.map((count, column) => {
      const index = Math.floor(count * (random.below(2 ** 16) / 2 ** 16) ** 2);
      return `${WORDS[column]} ${index}`;
    });
    const numbers = [random.below(1_000_000) / 1000, random.below(1_000_000) / 1000];
    chunk += `${[row % 2, ...texts, ...numbers].join(',')}\n`;
    if (chunk.length < CHUNK_CHARS && row < rows - 1) continue;
    writeSync(file, chunk);
    chunk = '';
  }
  closeSync(file);
  renameSync(unfinished, path);
  return path;
}
