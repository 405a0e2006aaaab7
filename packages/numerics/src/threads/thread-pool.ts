/**
 * A pool of threads over one shared memory (assembly/threads.ts). The kernel's instance on the main thread leads, and
 * helper threads take tasks of each of its phases. A helper is nothing but a kernel instance, so its program is the few
 * lines below and works from any bundle.
 *
 * Helpers join when they have started, some 20 ms after the pool: until then the main thread works alone.
 */
import type { Worker } from 'node:worker_threads';
import { type SharedMemory, type WebAssemblyModule, webAssembly } from '../web-assembly.js';
import { ARRIVED, CONTROL_BLOCK_BYTES, FAILED, FAILURE_TEXT, FAILURE_TEXT_BYTES, LEFT } from './control-block.js';

/** Helpers are counted in 8 bits of the phase's word. */
export const MAX_THREADS = 256;

export interface ThreadPoolOptions {
  /** Of a kernel that exports `attach`, `serve` and `isInPhase` in addition to its own functions. */
  readonly module: WebAssemblyModule;
  readonly memory: SharedMemory;
  /** Address of the control block (control-block.ts), a multiple of 64; nothing else may use these bytes. */
  readonly control: number;
  /** Threads that may work, the caller's included; in [1, 256]. */
  readonly threads: number;
  /** Called with one line when a helper has ended outside a phase: the pool works without it. */
  readonly warn?: ((line: string) => void) | undefined;
}

export interface ThreadPool<Exports> {
  readonly threads: number;
  /**
   * The main thread's kernel. A function that runs a phase throws ThreadFailure when a helper has failed within it.
   * After this, or after an error of its own within a shared phase, every later phase throws.
   */
  readonly kernel: Exports;
  /** Helper threads that have started. */
  helpers(): number;
  /** Ends the helper threads; the main thread can work on alone. */
  close(): void;
}

/** A helper thread has failed within a phase: a mistake in a kernel. */
export class ThreadFailure extends Error {
  override readonly name = 'ThreadFailure';
}

/**
 * Starts a pool.
 * @throws RangeError when `threads` is outside [1, 256]
 */
export function createThreadPool<Exports>(options: ThreadPoolOptions): ThreadPool<Exports> {
  const { module, memory, control, threads } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new RangeError(`threads must be an integer in [1, ${MAX_THREADS}]; received ${threads}.`);
  }
  const words = new Int32Array(memory.buffer, control, CONTROL_BLOCK_BYTES >> 2);
  words.fill(0);
  const fail = () => {
    throw failureOf(words);
  };
  const { exports } = new webAssembly.Instance(module, { env: { memory }, threads: { fail } });
  const kernel = exports as Exports & { attach(control: number): void };
  kernel.attach(control);
  const helpers = Array.from({ length: threads - 1 }, () => startHelper(options, words));
  return {
    threads,
    kernel,
    helpers: () => Math.max(0, Atomics.load(words, ARRIVED >> 2)),
    close() {
      Atomics.store(words, ARRIVED >> 2, -MAX_THREADS); // no phase opens to a helper that is about to end
      for (const helper of helpers) void helper.terminate();
    },
  };
}

// --- internal ---

/**
 * A helper that fails within a phase says so to the main thread, which would wait for it forever. The error is thrown on,
 * so that Node reports it, too. Growing by nothing makes the helper see how large the memory is: V8 informs threads that have
 * the memory when it grows, and one that is just getting it may miss that. Its instance would then refuse to fill or copy
 * what has been added.
 */
const HELPER_PROGRAM = `
  const { module, memory, control } = require('node:worker_threads').workerData;
  const kernel = new WebAssembly.Instance(module, { env: { memory }, threads: { fail() {} } }).exports;
  memory.grow(0);
  try {
    kernel.serve(control);
  } catch (error) {
    if (kernel.isInPhase()) {
      const text = new Uint8Array(memory.buffer, control + ${FAILURE_TEXT}, ${FAILURE_TEXT_BYTES});
      text.set(Buffer.from(String(error)).subarray(0, ${FAILURE_TEXT_BYTES - 1}));
      const words = new Int32Array(memory.buffer, control, ${CONTROL_BLOCK_BYTES >> 2});
      Atomics.store(words, ${FAILED >> 2}, 1);
      Atomics.add(words, ${LEFT >> 2}, 1);
      Atomics.notify(words, ${LEFT >> 2});
    }
    throw error;
  }
`;

/** A helper makes next to no JavaScript objects, so room for young ones would be memory unused. */
const HELPER_LIMITS = { maxYoungGenerationSizeMb: 1 } as const;

function startHelper({ module, memory, control, warn }: ThreadPoolOptions, words: Int32Array): Worker {
  const { Worker: Helper } = process.getBuiltinModule('node:worker_threads'); // 3 ms, which a single thread saves
  const helper = new Helper(HELPER_PROGRAM, {
    eval: true,
    execArgv: [], // the program's own options (loaders, hooks) would make it start later
    resourceLimits: HELPER_LIMITS,
    workerData: { module, memory, control },
  });
  helper.on('error', (error) => {
    if (Atomics.load(words, FAILED >> 2) !== 0) return; // the phase has thrown it
    warn?.(`A helper thread has ended: ${error}. The work continues without it.`);
  });
  helper.unref(); // a pool that was forgotten does not keep the process alive
  return helper;
}

function failureOf(words: Int32Array): ThreadFailure {
  if (Atomics.load(words, FAILED >> 2) === 0) {
    return new ThreadFailure('The threads cannot be used any more: an earlier phase has failed on the main thread.');
  }
  const start = words.byteOffset + FAILURE_TEXT;
  const text = new Uint8Array(words.buffer, start, FAILURE_TEXT_BYTES).slice(); // TextDecoder refuses shared memory
  const cause = new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
  return new ThreadFailure(`A helper thread has failed: ${cause}`);
}
