/**
 * TensorFlow.js's WebAssembly module, loaded without the Emscripten loader that comes with it: the loader would keep the
 * memory to one thread, look for files next to the program and take over the process's handlers of uncaught errors.
 * The single-threaded SIMD build needs seven functions, given here, and gets a memory that threads can share.
 * Source: emscripten's ccall and cwrap; WebAssembly core specification 5.5.8 (memory section), threads proposal.
 */
import { ClientError } from '@algo/contract';
import { PAGE_BYTES, type SharedMemory, type WebAssemblyImports, webAssembly } from '@algo/numerics';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What TensorFlow.js's backend is made with. */
export type BackendModule = BackendWasm['wasm'];

export interface TensorflowModule {
  readonly module: BackendModule;
  readonly memory: SharedMemory;
  /** Address of `bytes` bytes, 8-byte aligned. @throws ClientError E_DATA_SIZE when the memory has no room */
  allocate(bytes: number): number;
  release(address: number): void;
}

/** @param warn gets what the module prints */
export async function loadTensorflowModule(bytes: Uint8Array, warn: (line: string) => void): Promise<TensorflowModule> {
  const heap: { memory: SharedMemory | undefined; bytes: Uint8Array } = { memory: undefined, bytes: new Uint8Array() };
  const view = (): Uint8Array => {
    const { buffer } = heap.memory!;
    if (heap.bytes.buffer !== buffer) heap.bytes = new Uint8Array(buffer);
    return heap.bytes;
  };
  const grow = (size: number): boolean => growMemory(heap.memory!, size);
  const compiled = await webAssembly.compile(withSharedMemory(bytes));
  const { exports } = await webAssembly.instantiate(compiled, createImports(view, grow, warn));
  heap.memory = exports.memory as SharedMemory;
  const functions = exports as Readonly<Record<string, WasmFunction>>;
  const wrap: Wrap = (name, _returns, parameters = []) => wrapFunction(functions, view, name, parameters);
  functions.__wasm_call_ctors!();
  const allocate = (size: number): number => {
    // From 2 GiB on, malloc takes the size for a negative one: it would not see that the memory cannot grow so far.
    const isSafe = size < 2 ** 31 || view().length + size + MALLOC_PADDING <= MAX_MEMORY_BYTES;
    const address = isSafe ? functions.malloc!(size) >>> 0 : 0;
    if (address === 0) throw noRoom(size, view().length);
    return address;
  };
  const module = {
    get HEAPU8() {
      return view();
    },
    _malloc: allocate,
    _free: functions.free!,
    cwrap: wrap,
    tfjs: {
      init: wrap('init'),
      initWithThreadsCount: wrap('init_with_threads_count'),
      getThreadsCount: wrap('get_threads_count'),
      registerTensor: wrap('register_tensor'),
      disposeData: wrap('dispose_data'),
      dispose: wrap('dispose'),
    },
  };
  return {
    // The backend and its kernels use these members of Emscripten's module and no others.
    module: module as unknown as BackendModule,
    memory: heap.memory,
    allocate,
    release: (address) => void functions.free!(address),
  };
}

/**
 * The module with its memory marked as shared: the flag of its limits, which have a maximum already.
 * @throws TypeError when the module has no memory of its own with a maximum
 */
export function withSharedMemory(module: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(module);
  let at = 8; // behind magic number and version
  while (at < bytes.length) {
    const section = bytes[at]!;
    const { value: length, next } = readLength(bytes, at + 1);
    if (section === MEMORY_SECTION && bytes[next] === 1 && bytes[next + 1] === HAS_MAXIMUM) {
      bytes[next + 1] = HAS_MAXIMUM | IS_SHARED;
      return bytes;
    }
    at = next + length;
  }
  throw new TypeError("TensorFlow.js's wasm module must declare a maximum memory size, but does not.");
}

// --- internal ---

const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;
const IS_SHARED = 2;
/** What Emscripten's own loader stops at, below 2 ** 32 so that sizes fit. */
const MAX_MEMORY_BYTES = 4_294_901_760;
/** More than malloc adds to a request. */
const MALLOC_PADDING = 2 ** 20;
const ERRNO_NOT_SEEKABLE = 70;
const ERRNO_NOT_SUPPORTED = 52;

type Argument = number | boolean | string | Uint8Array;
type WasmFunction = (...values: (number | boolean)[]) => number;
type Wrap = (
  name: string,
  returns?: string | null,
  parameters?: readonly string[],
) => (...values: Argument[]) => number;

function createImports(
  view: () => Uint8Array,
  grow: (size: number) => boolean,
  warn: (line: string) => void,
): WebAssemblyImports {
  return {
    env: {
      abort() {
        throw new Error("TensorFlow.js's wasm module has stopped: it aborted.");
      },
      emscripten_memcpy_big: (target: number, source: number, size: number) =>
        void view().copyWithin(target >>> 0, source >>> 0, (source >>> 0) + (size >>> 0)),
      emscripten_get_heap_max: () => MAX_MEMORY_BYTES,
      emscripten_resize_heap: (size: number) => (grow(size >>> 0) ? 1 : 0),
    },
    wasi_snapshot_preview1: {
      fd_close: () => ERRNO_NOT_SUPPORTED,
      fd_seek: () => ERRNO_NOT_SEEKABLE,
      fd_write: (_file: number, vectors: number, count: number, written: number) =>
        writeLines(view(), vectors >>> 0, count, written >>> 0, warn),
    },
  };
}

/** Without it, TensorFlow.js would take address 0 for the tensor's. */
function noRoom(size: number, used: number): ClientError {
  return new ClientError(
    'E_DATA_SIZE',
    `The wasm backend needs ${gibibytes(size)} more memory; it has ${gibibytes(used)} and is limited to ` +
      `${gibibytes(MAX_MEMORY_BYTES)} or the memory of the machine. ` +
      'Use a smaller batch_size, a smaller network, or another backend.',
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

/** A fifth more than is needed, as Emscripten grows, or just what is needed. */
function growMemory(memory: SharedMemory, size: number): boolean {
  const now = memory.buffer.byteLength;
  for (const wanted of [Math.max(size, 1.2 * now), size]) {
    if (wanted > MAX_MEMORY_BYTES) continue;
    try {
      memory.grow(Math.ceil((wanted - now) / PAGE_BYTES));
      return true;
    } catch {
      // No room for so much: the smaller size, or none, which malloc reports.
    }
  }
  return false;
}

function writeLines(
  heap: Uint8Array,
  vectors: number,
  count: number,
  written: number,
  warn: (line: string) => void,
): number {
  const words = new DataView(heap.buffer);
  const text: Buffer[] = [];
  for (let vector = vectors; vector < vectors + 8 * count; vector += 8) {
    const address = words.getUint32(vector, true);
    text.push(Buffer.from(heap.slice(address, address + words.getUint32(vector + 4, true))));
  }
  const all = Buffer.concat(text);
  if (all.toString().trim()) warn(all.toString().trimEnd());
  words.setUint32(written, all.length, true);
  return 0;
}

/** Calls with arrays and strings put them on the module's stack for as long as the call takes. */
function wrapFunction(
  functions: Readonly<Record<string, WasmFunction>>,
  view: () => Uint8Array,
  name: string,
  parameters: readonly string[],
): (...values: Argument[]) => number {
  const call = functions[name]!;
  const { stackSave, stackAlloc, stackRestore } = functions;
  const isPlaced = parameters.map((type) => type === 'array' || type === 'string');
  // Functions of numbers alone have no use for the stack.
  if (!isPlaced.includes(true)) return call as (...values: Argument[]) => number;
  const place = (value: Argument): number => {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(`${value}\0`);
    const address = stackAlloc!(bytes.length) >>> 0;
    view().set(bytes, address);
    return address;
  };
  return (...values) => {
    const stack = stackSave!();
    try {
      // biome-ignore lint/plugin: the arguments of one function
      return call(...values.map((value, index) => (isPlaced[index] ? place(value) : (value as number | boolean))));
    } finally {
      stackRestore!(stack);
    }
  };
}

/** An unsigned LEB128 number. */
function readLength(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start, scale = 1; ; at++, scale *= 128) {
    const byte = bytes[at]!;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, next: at + 1 };
  }
}
