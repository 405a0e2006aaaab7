/**
 * Threads: they join, they are optional, and they work from a bundle.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CONTROL_BLOCK_BYTES } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { CONTROL, GRADIENTS } from '../../assembly/layout.js';
import { RANGE_BYTES } from '../../assembly/records.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { cutTable, defaultTreeParameters, growEngine, makeTable } from './tables.js';

describe('a thread pool', () => {
  it.each([0, 1.5, 257])('refuses %s threads, naming the number', (threads) => {
    expect(() => createPool(threads)).toThrow(`received ${threads}`);
  });

  it('reuses memory from a mark, zeroed if that is requested', () => {
    const pool = createPool(1);
    const mark = pool.arena.mark();
    const first = pool.arena.allocate(1000, 'test');
    pool.bytes().fill(7, first, first + 1000);
    pool.arena.release(mark);

    expect(pool.arena.allocateZeros(500, 'test')).toBe(first);
    expect(pool.bytes()[first + 499]).toBe(0);
    expect(pool.bytes()[first + 999]).toBe(7);
  });

  it('ends a phase with an error that names the cause if a helper thread fails', async () => {
    const pool = createPool(2);
    while (pool.helpers() < 1) await setImmediate();
    const controlBlock = () => Buffer.from(pool.bytes().subarray(CONTROL, CONTROL + CONTROL_BLOCK_BYTES));
    const nap = new Int32Array(new SharedArrayBuffer(4));
    // A helper begins with the last task, whose record lies outside of the memory, and notes the error in the control block.
    const untilHelperFails = () => {
      while (!controlBlock().includes('RuntimeError')) Atomics.wait(nap, 0, 0, 1);
    };

    const run = () => pool.run(GRADIENTS, 2, pool.bytes().length - RANGE_BYTES, untilHelperFails);

    expect(run).toThrow('The engine has failed: A helper thread has failed: RuntimeError: memory');
    pool.close();
  });

  it('trains in a single bundled file, with its threads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      const bundle = join(folder, 'program.mjs');
      const builder = join(import.meta.dirname, '../../../../node_modules/.bin/build-bundle');
      execFileSync(builder, [join(import.meta.dirname, 'programs/train-with-threads.ts'), bundle], { stdio: 'pipe' });

      const output = execFileSync(process.execPath, [bundle], { encoding: 'utf8' });

      const pool = createPool(1);
      const table = makeTable({ rows: 20_000, featureCount: 5, seed: 1, distinct: 0, missing: 0, firstCategorical: 9 });
      const { tree } = growEngine(pool, table, cutTable(pool, table), defaultTreeParameters, 1);
      expect(JSON.parse(output)).toEqual({ helpers: 2, leaves: [...tree.condition] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
