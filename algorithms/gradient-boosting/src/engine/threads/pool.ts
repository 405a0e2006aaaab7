/**
 * Threads over one shared memory. The kernel's instance on the main thread leads; helper threads sit in the kernel's
 * `serve` and take tasks of each phase. A helper is nothing but a kernel instance, so its program is the few lines
 * below and works from any bundle.
 *
 * Helpers join when they are up, until then the main thread works alone: results do not depend on who did what.
 */
import { Worker } from 'node:worker_threads';
import { AlgorithmError } from '@algo/contract';
import {
  ARRIVED,
  COMMAND,
  DONE,
  FAILED,
  FAILURE_TEXT,
  FAILURE_TEXT_BYTES,
  TASK_COUNT,
  TASKS,
  THREADS,
} from '../../../assembly/layout.js';
import { type Arena, createArena, MEMORY_LIMIT_BYTES } from './arena.js';
import { kernelBytes } from './kernel.generated.js';
import { HELPER_LIMITS, type SharedMemory, webAssembly } from './web-assembly.js';

/** A helper that fails counts as done, and says so to the main thread, which would wait for it forever. */
const HELPER_PROGRAM = `
  const { module, memory } = require('node:worker_threads').workerData;
  try {
    new WebAssembly.Instance(module, { env: { memory } }).exports.serve();
  } catch (error) {
    const words = new Int32Array(memory.buffer);
    new Uint8Array(memory.buffer, ${FAILURE_TEXT}, ${FAILURE_TEXT_BYTES}).set(
      Buffer.from(String(error)).subarray(0, ${FAILURE_TEXT_BYTES - 1}),
    );
    Atomics.store(words, ${FAILED} >> 2, 1);
    Atomics.add(words, ${DONE} >> 2, 1);
    Atomics.notify(words, ${DONE} >> 2);
    throw error;
  }
`;

/** The helper count travels in 8 bits of the phase's word. */
const MAX_THREADS = 256;
const INITIAL_PAGES = 64;

/** How a phase is cut up. */
export interface Slice {
  readonly taskBytes: number;
  readonly tasks: number;
}

export interface Pool {
  /** Threads that may work, the caller's included. */
  readonly threads: number;
  readonly arena: Arena;
  /** Views of the whole memory as it is now; they stay valid until the next allocation. */
  words(): Uint32Array;
  integers(): Int32Array;
  floats(): Float32Array;
  doubles(): Float64Array;
  bytes(): Uint8Array;
  /** Sets a 32-bit setting of the kernel. */
  set(address: number, value: number): void;
  /** Sets a float64 setting of the kernel. */
  setReal(address: number, value: number): void;
  /**
   * Runs a command over `taskCount` task records at `tasks` and returns when all are done.
   * @throws AlgorithmError E_ALGORITHM when a thread has failed: a mistake of ours, after which the pool is of no use
   */
  run(command: number, taskCount: number, tasks: number): void;
  /** The same in slices of so many tasks, of `taskBytes` each, with a look before each slice. */
  runInSlices(command: number, taskCount: number, tasks: number, slice: Slice): void;
  /** What is called before each phase, and by others between pieces of long work; it may throw to give the work up. */
  watch(look: (() => void) | undefined): void;
  look(): void;
  /** Helper threads that are up. */
  helpers(): number;
  /** Ends the helper threads. The pool must not be used after. */
  close(): void;
}

interface KernelExports {
  readonly runPhase: () => void;
}

function isKernel(exports: unknown): exports is KernelExports {
  return typeof exports === 'object' && exports !== null && 'runPhase' in exports;
}

/**
 * A pool of `threads` threads.
 * @param threads integer in [1, 256]
 * @throws RangeError when `threads` is outside
 */
export function createPool(threads: number): Pool {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new RangeError(`threads must be an integer in [1, ${MAX_THREADS}]; received ${threads}.`);
  }
  const memory = new webAssembly.Memory({ initial: INITIAL_PAGES, maximum: MEMORY_LIMIT_BYTES / 65536, shared: true });
  const module = new webAssembly.Module(kernelBytes);
  const kernel = new webAssembly.Instance(module, { env: { memory } }).exports;
  if (!isKernel(kernel)) throw new TypeError('The kernel has no function runPhase.');
  const helpers = Array.from({ length: threads - 1 }, () => startHelper(module, memory));
  const arena = createArena(memory);
  const views = createViews(arena);
  views.words()[THREADS >> 2] = threads;
  let watching: (() => void) | undefined;
  const start = (command: number, taskCount: number, tasks: number) => {
    watching?.();
    const words = views.words();
    words[COMMAND >> 2] = command;
    words[TASK_COUNT >> 2] = taskCount;
    words[TASKS >> 2] = tasks;
    try {
      kernel.runPhase();
    } catch (cause) {
      const text = views.bytes().slice(FAILURE_TEXT, FAILURE_TEXT + FAILURE_TEXT_BYTES);
      const ofHelper = Buffer.from(text.subarray(0, text.indexOf(0))).toString();
      const who = ofHelper
        ? `A helper thread of the engine has failed: ${ofHelper}`
        : `The engine has failed: ${cause}`;
      throw new AlgorithmError('E_ALGORITHM', who, { cause });
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
    run: start,
    runInSlices(command, taskCount, tasks, slice) {
      for (let first = 0; first < taskCount; first += slice.tasks) {
        start(command, Math.min(slice.tasks, taskCount - first), tasks + first * slice.taskBytes);
      }
    },
    watch(look) {
      watching = look;
    },
    look: () => watching?.(),
    helpers: () => Atomics.load(views.integers(), ARRIVED >> 2),
    close() {
      for (const helper of helpers) void helper.terminate();
    },
  };
}

// --- internal ---

function startHelper(module: object, memory: SharedMemory): Worker {
  const helper = new Worker(HELPER_PROGRAM, {
    eval: true,
    execArgv: [], // without the program's own options (loaders, hooks) it is up in a few milliseconds
    resourceLimits: HELPER_LIMITS,
    workerData: { module, memory },
  });
  // What fails in the kernel stands in the memory, and the phase throws it. A thread that cannot start is done without.
  helper.on('error', () => undefined);
  helper.unref(); // a pool that was forgotten does not keep the process alive
  return helper;
}

/** Typed arrays over the memory, made again when it has grown; asking it for its buffer each time would be slow. */
function createViews({ memory, growths }: Arena) {
  const cached = <T>(make: (buffer: ArrayBufferLike) => T): (() => T) => {
    let view = make(memory.buffer);
    let madeAt = growths();
    return () => {
      if (madeAt === growths()) return view;
      madeAt = growths();
      view = make(memory.buffer);
      return view;
    };
  };
  return {
    words: cached((buffer) => new Uint32Array(buffer)),
    integers: cached((buffer) => new Int32Array(buffer)),
    floats: cached((buffer) => new Float32Array(buffer)),
    doubles: cached((buffer) => new Float64Array(buffer)),
    bytes: cached((buffer) => new Uint8Array(buffer)),
  };
}
