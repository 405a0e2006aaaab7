import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as controlBlock from '../src/threads/control-block.js';
import { createThreadPool, type ThreadPool } from '../src/threads/thread-pool.js';
import { type SharedMemory, type WebAssemblyModule, webAssembly } from '../src/web-assembly.js';

/** assembly/test-kernel.ts */
interface TestKernel {
  run(command: number, tasks: number, isShared: boolean): void;
  threadCount(): number;
}
const COUNT = 1;
const FAIL_IN_HELPER = 2;
const FAIL_IN_MAIN = 3;
const ALL_TOGETHER = 4;
const FROM_BOTH_ENDS = 5;
const TASKS_DONE = 1024;
const FAILS = 2052;
const DONE_BY = 4096;
const BEFORE_ARRIVAL = 1;
const WHILE_IDLE = 2;
/** Helpers do not arrive. */
const LATE = 3;

const CONTROL = 64;
const folder = mkdtempSync(join(tmpdir(), 'threads-'));
let module: WebAssemblyModule;

beforeAll(async () => {
  const target = join(folder, 'kernel.ts');
  const builder = join(import.meta.dirname, '../../../node_modules/.bin/build-kernel');
  const options = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '1'];
  execFileSync(builder, [join(import.meta.dirname, 'assembly/test-kernel.ts'), target, ...options], { stdio: 'pipe' });
  const { kernelBytes } = (await import(pathToFileURL(target).href)) as { kernelBytes: Uint8Array };
  module = new webAssembly.Module(kernelBytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** How many threads are asleep at a word of shared memory, as V8's own tests ask for it. */
setFlagsFromString('--allow-natives-syntax');
const waiterCount = new Function('words', 'index', 'return %AtomicsNumWaitersForTesting(words, index)') as (
  words: Int32Array,
  index: number,
) => number;

interface TestPool extends ThreadPool<TestKernel> {
  readonly words: Int32Array;
  readonly memory: SharedMemory;
  /** Lines of warnings. */
  readonly warnings: readonly string[];
}

function openPool(threads: number, fails = 0): TestPool {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const words = new Int32Array(memory.buffer);
  words[FAILS >> 2] = fails;
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const pool = createThreadPool<TestKernel>({ module, memory, control: CONTROL, threads, warn });
  onTestFinished(() => pool.close());
  return { ...pool, words, memory, warnings };
}

async function withHelpers(pool: TestPool): Promise<TestPool> {
  while (pool.helpers() < pool.threads - 1) await setImmediate();
  return pool;
}

async function untilWarned(pool: TestPool): Promise<void> {
  while (pool.warnings.length === 0) await setImmediate();
}

/** Tasks done by each thread. */
function tasksDone({ words, threads }: TestPool): number[] {
  return [...words.subarray(TASKS_DONE >> 2, (TASKS_DONE >> 2) + threads)];
}

describe('a phase', () => {
  it.each([1, 2, 3, 5])('does every task once, with %i threads', async (threads) => {
    const pool = await withHelpers(openPool(threads));

    for (let phase = 0; phase < 2000; phase++) pool.kernel.run(COUNT, phase % 7, true);

    const expected = Array.from({ length: 2000 }, (_, phase) => phase % 7).reduce((sum, tasks) => sum + tasks);
    expect(tasksDone(pool).reduce((sum, tasks) => sum + tasks)).toBe(expected);
  });

  it('gives the main thread its first tasks and helpers its last ones', async () => {
    const pool = await withHelpers(openPool(2));

    pool.kernel.run(FROM_BOTH_ENDS, 100, true);

    const doneBy = [...pool.words.subarray(DONE_BY >> 2, (DONE_BY >> 2) + 100)];
    const [byMain, byHelper] = tasksDone(pool);
    expect(doneBy).toEqual([...Array(byMain).fill(0), ...Array(byHelper).fill(1)]);
    expect(byMain).toBeGreaterThan(0);
    expect(byHelper).toBeGreaterThan(0);
  });

  it('is joined by helpers that have gone to sleep', async () => {
    const pool = await withHelpers(openPool(2));
    while (waiterCount(pool.words, (CONTROL + controlBlock.PHASE) >> 2) === 0) await setImmediate();

    pool.kernel.run(ALL_TOGETHER, 100, true); // returns only when a helper takes part

    expect(tasksDone(pool).reduce((sum, tasks) => sum + tasks)).toBe(100);
  });

  it('is done by the main thread alone before a helper has started', () => {
    const pool = openPool(4, LATE);

    pool.kernel.run(COUNT, 10, true);

    expect(tasksDone(pool)[0]).toBe(10);
  });

  it('is done by the main thread alone when it is not shared', async () => {
    const pool = await withHelpers(openPool(2));

    for (let phase = 0; phase < 100; phase++) pool.kernel.run(COUNT, 10, false);

    expect(tasksDone(pool)).toEqual([1000, 0]);
  });

  it('is done by the main thread alone after the pool was closed', async () => {
    const pool = await withHelpers(openPool(2));
    pool.close();

    pool.kernel.run(COUNT, 10, true);

    expect(tasksDone(pool).reduce((sum, tasks) => sum + tasks)).toBe(10);
  });
});

describe('a helper that fails', () => {
  it('within a phase ends the phase by an error that gives the cause, and every later one', async () => {
    const pool = await withHelpers(openPool(3));

    expect(() => pool.kernel.run(FAIL_IN_HELPER, 10, true)).toThrow(
      /^A helper thread has failed: RuntimeError: unreachable$/,
    );
    expect(() => pool.kernel.run(COUNT, 10, true)).toThrow('A helper thread has failed: RuntimeError: unreachable');
    expect(pool.warnings).toEqual([]);
  });

  it('before it has arrived is done without, with a warning that gives the cause', async () => {
    const pool = openPool(2, BEFORE_ARRIVAL);
    await untilWarned(pool);

    pool.kernel.run(COUNT, 10, true);

    expect(pool.warnings).toEqual([
      'A helper thread has ended: RuntimeError: unreachable. The work continues without it.',
    ]);
    expect(tasksDone(pool)).toEqual([10, 0]);
    expect(pool.kernel.threadCount()).toBe(1);
  });

  it('between two phases is done without, with a warning that gives the cause', async () => {
    const pool = await withHelpers(openPool(2, WHILE_IDLE));
    pool.kernel.run(ALL_TOGETHER, 10, true);
    await untilWarned(pool);

    for (let phase = 0; phase < 100; phase++) pool.kernel.run(COUNT, 10, true);

    expect(pool.warnings).toHaveLength(1);
    expect(tasksDone(pool).reduce((sum, tasks) => sum + tasks)).toBe(1010);
  });
});

it('the main thread’s own error passes on, and later phases throw instead of waiting', async () => {
  const pool = await withHelpers(openPool(2));

  expect(() => pool.kernel.run(FAIL_IN_MAIN, 10, true)).toThrow('unreachable');
  expect(() => pool.kernel.run(COUNT, 10, true)).toThrow(
    'The threads cannot be used any more: an earlier phase has failed on the main thread.',
  );
});

it.each([0, 1.5, 257])('a pool of %s threads is refused with the number', (threads) => {
  expect(() => openPool(threads)).toThrow(`threads must be an integer in [1, 256]; received ${threads}.`);
});

it('the words of the control block do not overlap, and contended ones have a cache line each', () => {
  const { CONTROL_BLOCK_BYTES, FAILURE_TEXT, FAILURE_TEXT_BYTES, PHASE, LEFT, ARRIVED, TASKS_TAKEN, ...rest } =
    controlBlock;
  const words = Object.values(rest);

  expect([PHASE, LEFT, ARRIVED, TASKS_TAKEN].map((offset) => offset / 64)).toEqual([0, 1, 2, 3]);
  expect(new Set(words).size).toBe(words.length);
  expect(Math.min(...words)).toBeGreaterThanOrEqual(TASKS_TAKEN + 8);
  expect(Math.max(...words) + 4).toBeLessThanOrEqual(FAILURE_TEXT);
  expect(FAILURE_TEXT + FAILURE_TEXT_BYTES).toBe(CONTROL_BLOCK_BYTES);
});
