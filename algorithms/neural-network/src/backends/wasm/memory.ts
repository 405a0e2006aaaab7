/**
 * TensorFlow.js's memory as the kernels see it: where tensors are, new tensors to write results to, and room for what
 * is not a tensor. The memory can grow with every allocation, so typed arrays over it are asked for when they are used.
 */

import { createMemoryViews, type MemoryViews, type SharedMemory } from '@algo/numerics';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type DataType, engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorflowModule } from './tensorflow-module.js';

/** Packed panels are read by cache line. */
const ALIGNMENT = 64;

export interface WasmMemory extends MemoryViews {
  readonly memory: SharedMemory;
  /** Address of a tensor's values. The tensor comes here when it is on another backend. */
  addressOf(tensor: TensorInfo): number;
  /** A tensor of any content, which the engine's open scope owns. */
  makeOutput(shape: readonly number[], dtype?: DataType): Tensor;
  /** Address of `bytes` bytes of any content, 64-byte aligned, until the backend ends. */
  allocate(bytes: number): number;
  /** The same, valid until the next call: for one kernel's intermediate results. */
  scratch(bytes: number): number;
}

export function createMemory(backend: BackendWasm, tensorflow: TensorflowModule): WasmMemory {
  const { memory, allocate, release } = tensorflow;
  let scratch = { block: 0, address: 0, bytes: 0 };
  return {
    memory,
    addressOf: (tensor) => backend.dataIdMap.get(tensor.dataId).memoryOffset,
    makeOutput: (shape, dtype = 'float32') =>
      engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], dtype), backend),
    allocate: (bytes) => aligned(allocate(bytes + ALIGNMENT)),
    scratch(bytes) {
      if (bytes > scratch.bytes) {
        const size = Math.max(bytes, 1.5 * scratch.bytes);
        if (scratch.block) release(scratch.block);
        scratch = { block: 0, address: 0, bytes: 0 }; // for when there is no room
        const block = allocate(size + ALIGNMENT);
        scratch = { block, address: aligned(block), bytes: size };
      }
      return scratch.address;
    },
    ...createMemoryViews(memory),
  };
}

// --- internal ---

function aligned(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
