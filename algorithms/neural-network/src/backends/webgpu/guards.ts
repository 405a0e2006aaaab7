/**
 * Fixes two problems of TensorFlow.js's webgpu backend: its pool of free buffers only grows, and errors on the device
 * do not reach the program, which would read zeros.
 */
import { PlatformError } from '@algo/contract';
import type { DataId } from '@tensorflow/tfjs-core';

/** Enough for the tensors of a training step; in serving, each number of rows brings buffers of its own sizes. */
const FREE_BYTES_LIMIT = 256 * 2 ** 20;

/** What is used here of TensorFlow.js's BufferManager; `B` is GPUBuffer. */
export interface BufferPool<B extends { readonly size: number }> {
  readonly numBytesUsed: number;
  readonly numBytesAllocated: number;
  /** Frees the buffer's memory unless `reuse`, which is the default. */
  releaseBuffer(buffer: B, reuse?: boolean): void;
}

/** Lets the pool keep free buffers of `limit` bytes together; what is released beyond is freed. */
export function boundFreeBuffers<B extends { readonly size: number }>(
  pool: BufferPool<B>,
  limit = FREE_BYTES_LIMIT,
): void {
  const release = pool.releaseBuffer.bind(pool);
  pool.releaseBuffer = (buffer, reuse = true) => {
    const free = pool.numBytesAllocated - pool.numBytesUsed;
    release(buffer, reuse && free + buffer.size <= limit);
  };
}

/** What is used here of a GPUDevice. */
export interface ErrorSource {
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { readonly error: { readonly message: string }; preventDefault(): void }) => void,
  ): void;
}

/**
 * After an error on the device every read fails: each result comes to the host by a read, so that none is wrong.
 * @throws from the read: PlatformError E_BACKEND
 */
export function failReadsAfterErrors<Values>(
  backend: { read(dataId: DataId): Promise<Values> },
  device: ErrorSource,
): void {
  let failure: PlatformError | undefined;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    failure ??= new PlatformError('E_BACKEND', `The GPU failed: ${event.error.message.trim()}`);
  });
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (failure) throw failure;
    return values;
  };
}
