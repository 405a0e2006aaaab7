/** Typed arrays over a whole memory as it is now, made again when it has grown. */
import type { SharedMemory } from './web-assembly.js';

/** Each stays valid until the memory grows next. */
export interface MemoryViews {
  words(): Uint32Array;
  integers(): Int32Array;
  floats(): Float32Array;
  doubles(): Float64Array;
  bytes(): Uint8Array;
}

/**
 * @param growths how often the memory has grown, where the caller counts it: to ask the memory for its buffer at each
 *   use takes longer
 */
export function createMemoryViews(memory: SharedMemory, growths?: () => number): MemoryViews {
  const version = growths ?? (() => memory.buffer);
  const cached = <T>(make: (buffer: ArrayBufferLike) => T): (() => T) => {
    let view = make(memory.buffer);
    let madeAt = version();
    return () => {
      const now = version();
      if (madeAt === now) return view;
      madeAt = now;
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
