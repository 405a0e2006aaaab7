/**
 * The engine's threads: a thread pool (@algo/numerics) over a memory with an arena, and how a phase is run on it. Helpers
 * join when they have started; until then the main thread works alone. Results do not depend on which thread did what.
 */
import { AlgorithmError } from '@algo/contract';
import {
  createKernelLoader,
  createMemoryViews,
  createThreadPool,
  MEMORY_LIMIT_BYTES,
  type MemoryViews,
  PAGE_BYTES,
  webAssembly,
} from '@algo/numerics';
import * as Layout from '../../../assembly/layout.js';
import { type Arena, createArena } from './arena.js';
import { kernelBytes } from './kernel.generated.js';

const INITIAL_PAGES = 64;

/** How a phase is cut up. */
export interface Slice {
  readonly taskBytes: number;
  readonly tasks: number;
}

export interface Pool extends MemoryViews {
  /** Threads that may work, the caller's included. */
  readonly threads: number;
  readonly arena: Arena;
  /** Sets a 32-bit setting of the kernel. */
  set(address: number, value: number): void;
  /** Sets a float64 setting of the kernel. */
  setReal(address: number, value: number): void;
  /**
   * Runs a command over `taskCount` task records at `tasks` and returns when all are done.
   * @param meanwhile done by this thread first, when the helpers have begun: preparation of a later phase
   * @throws AlgorithmError E_ALGORITHM when a thread has failed: a mistake of ours, after which the pool is of no use
   */
  run(command: number, taskCount: number, tasks: number, meanwhile?: () => void): void;
  /** The same in slices of `slice.tasks` tasks, with a look before each slice. */
  runInSlices(command: number, taskCount: number, tasks: number, slice: Slice, meanwhile?: () => void): void;
  /** What is called before each phase, and by others between pieces of long work; it may throw to give the work up. */
  watch(look: (() => void) | undefined): void;
  look(): void;
  /** Helper threads that have started. */
  helpers(): number;
  /** Ends the helper threads. The pool must not be used after. */
  close(): void;
}

/**
 * A pool of `threads` threads.
 * @param threads integer in [1, 256]
 * @param warn called with one line when a helper thread has ended; the others work on
 * @throws RangeError when `threads` is outside
 */
export function createPool(threads: number, warn?: (line: string) => void): Pool {
  const limits = { initial: INITIAL_PAGES, maximum: MEMORY_LIMIT_BYTES / PAGE_BYTES, shared: true } as const;
  const memory = new webAssembly.Memory(limits);
  const module = loader.module();
  const workers = createThreadPool<Kernel>({ module, memory, control: Layout.CONTROL, threads, warn });
  const arena = createArena(memory);
  const views = createMemoryViews(memory, arena.growths);
  views.words()[Layout.THREADS >> 2] = threads;
  let watching: (() => void) | undefined;
  const { kernel } = workers;
  const run = (command: number, taskCount: number, tasks: number, meanwhile?: () => void) => {
    watching?.();
    views.words()[Layout.TASKS >> 2] = tasks;
    orFail(() => kernel.beginPhase(command, taskCount));
    try {
      meanwhile?.();
    } finally {
      orFail(() => kernel.endPhase(command)); // even after an error: the helpers are at work
    }
  };
  return {
    threads,
    arena,
    ...views,
    set: (address, value) => {
      views.words()[address >> 2] = value;
    },
    setReal: (address, value) => {
      views.doubles()[address >> 3] = value;
    },
    run,
    runInSlices(command, taskCount, tasks, slice, meanwhile) {
      for (let first = 0; first < taskCount; first += slice.tasks) {
        const count = Math.min(slice.tasks, taskCount - first);
        run(command, count, tasks + first * slice.taskBytes, first === 0 ? meanwhile : undefined);
      }
    },
    watch(look) {
      watching = look;
    },
    look: () => watching?.(),
    helpers: workers.helpers,
    close: workers.close,
  };
}

// --- internal ---

/** assembly/index.ts */
interface Kernel {
  beginPhase(command: number, taskCount: number): void;
  endPhase(command: number): void;
}

function orFail(call: () => void): void {
  try {
    call();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AlgorithmError('E_ALGORITHM', `The engine has failed: ${reason}`, { cause });
  }
}

const loader = createKernelLoader<Kernel>(kernelBytes);
