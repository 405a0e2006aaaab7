/**
 * Allocation in linear memory: a stack of blocks. Blocks that belong together are released together, by returning to a
 * mark.
 */
import { ClientError } from '@algo/contract';
import { MEMORY_LIMIT_BYTES, PAGE_BYTES, type SharedMemory } from '@algo/numerics';
import * as Layout from '../../../assembly/layout.js';

const CACHE_LINE_BYTES = 64;

export interface Arena {
  readonly memory: SharedMemory;
  /** How often the memory has grown: typed arrays of its buffer are as long as it was when they were made. */
  growths(): number;
  /** Address of `bytes` bytes of any content, 64-byte aligned, 64 readable bytes behind; `purpose` is for the error. */
  allocate(bytes: number, purpose: string): number;
  /** The same, filled with zeros. */
  allocateZeros(bytes: number, purpose: string): number;
  /** Gives the latest allocation, at `address`, `bytes` bytes in all; what it holds stays. */
  extend(address: number, bytes: number, purpose: string): void;
  /** The place to go back to. */
  mark(): number;
  /** Frees everything allocated since `mark`. */
  release(mark: number): void;
}

/** Throws ClientError E_DATA_SIZE when more than 4 GiB would be needed. */
export function createArena(memory: SharedMemory): Arena {
  let top = Layout.ARENA_START;
  let used = Layout.ARENA_START;
  let size = memory.buffer.byteLength;
  let growths = 0;
  const take = (address: number, bytes: number, purpose: string): number => {
    const end = Math.ceil((address + bytes + CACHE_LINE_BYTES) / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
    if (end > MEMORY_LIMIT_BYTES) {
      throw new ClientError(
        'E_DATA_SIZE',
        `Training needs ${gigabytes(bytes)} for ${purpose} in addition to ${gigabytes(address)} in use; the engine can address ${gigabytes(MEMORY_LIMIT_BYTES)}. Use fewer rows, fewer columns or a smaller max_bin.`,
      );
    }
    if (end > size) {
      memory.grow(Math.ceil((end - size) / PAGE_BYTES));
      size = memory.buffer.byteLength;
      growths++;
    }
    top = end;
    used = Math.max(used, end);
    return address;
  };
  const allocate = (bytes: number, purpose: string): number => take(top, bytes, purpose);
  return {
    memory,
    growths: () => growths,
    allocate,
    allocateZeros(bytes, purpose) {
      const fresh = used; // memory above this has never been written
      const address = allocate(bytes, purpose);
      if (address < fresh) new Uint8Array(memory.buffer, address, Math.min(bytes, fresh - address)).fill(0);
      return address;
    },
    extend: (address, bytes, purpose) => void take(address, bytes, purpose),
    mark: () => top,
    release(mark) {
      top = mark;
    },
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
