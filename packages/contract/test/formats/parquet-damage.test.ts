/** Damaged Parquet files of a channel. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ContractError } from '../../src/errors.js';
import { runs } from '../runs.js';
import { fixture, readPaths } from './parquet-tables.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['none', 'snappy', 'zstd', 'lz4', 'lz4-hadoop', 'gzip', 'version-2'])(
  'damage to a file of %s is an error that names it, or changes values only',
  async (name) => {
    const good = readFileSync(fixture(name));
    const damage = fc.record({ at: fc.nat({ max: good.length - 1 }), to: fc.nat({ max: 255 }), cut: fc.boolean() });
    const path = join(folder, `${name}.parquet`);
    const property = fc.asyncProperty(damage, async ({ at, to, cut }) => {
      const bytes = cut ? good.subarray(0, at) : Buffer.from(good);
      if (!cut) bytes[at] = to;
      writeFileSync(path, bytes);
      try {
        const { features } = await readPaths([['a.parquet', path]]);
        expect(features.length).toBeLessThanOrEqual(300);
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
        expect(error.message).toMatch(/^train\/a\.parquet/);
      }
    });

    await fc.assert(property, { seed: 61, numRuns: runs(60, 400) });
  },
);
