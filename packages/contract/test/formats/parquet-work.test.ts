/** Parquet that was changed by chance or by malice: it is read, or refused, in work that its bytes bound. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ContractError } from '../../src/errors.js';
import { createWriter } from '../../src/formats/block-writer.js';
import { parquetOfBytes } from '../../src/formats/parquet/file.js';
import { readTable } from '../../src/formats/parquet/metadata.js';
import { readGroup } from '../../src/formats/parquet/row-group.js';
import { mutants } from '../mutants.js';
import { runs } from '../runs.js';
import { ACCEPT_ALL } from './csv-tables.js';

const SEEDS = [
  'count-is-boolean',
  'repetition-levels',
  'decimal-logical-type-only',
  'checksum',
  'duckdb-v2',
  'decimal-delta-byte-array',
  'decimal-byte-stream-split',
  'other-names',
];

/** Bytes read, unpacked or made of values for each byte of input; the seeds themselves take up to 7. */
const MOST_PER_BYTE = 64;

describe.each(SEEDS)('%s with any byte changed', (name) => {
  const seed = readFileSync(fileURLToPath(new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url)));

  it('is read or refused with work proportional to its size', () => {
    for (const bytes of mutants(seed, 81, runs(1_500, 125_000))) {
      let spent = 0;
      try {
        spent = readAll(bytes);
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
      }
      if (spent > MOST_PER_BYTE * bytes.length) expect.fail(`${spent} for ${bytes.toString('hex')}`);
    }
  });
});

/** What all rows cost, counted also where reading them fails. */
function readAll(bytes: Uint8Array): number {
  const file = parquetOfBytes(bytes, 'request');
  try {
    const { columns, groups } = readTable(file, '', { acceptsText: false, labelCount: 0 });
    const writer = createWriter(columns, { maxRows: 64 });
    for (const group of groups) {
      for (const _ of readGroup(file, 'request', columns, group, 0, writer, { policy: ACCEPT_ALL, memories: [] }));
    }
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
  }
  return file.budget.spent;
}
