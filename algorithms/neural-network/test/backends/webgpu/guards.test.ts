import type { DataId } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { boundFreeBuffers, type ErrorSource, failReadsAfterErrors } from '../../../src/backends/webgpu/guards.js';

/** TensorFlow.js's pool, as far as its counts go. */
function makePool() {
  const freed: number[] = [];
  return {
    freed,
    numBytesUsed: 0,
    numBytesAllocated: 0,
    take(size: number) {
      this.numBytesUsed += size;
      this.numBytesAllocated += size;
      return { size };
    },
    releaseBuffer({ size }: { readonly size: number }, reuse = true) {
      this.numBytesUsed -= size;
      if (reuse) return;
      this.numBytesAllocated -= size;
      freed.push(size);
    },
  };
}

it('free GPU buffers are kept up to the limit, and further released ones are destroyed', () => {
  const pool = makePool();
  boundFreeBuffers(pool, 100);
  const buffers = [60, 30, 20, 10].map((size) => pool.take(size));

  for (const buffer of buffers) pool.releaseBuffer(buffer);

  expect(pool.freed).toEqual([20]);
  expect(pool.numBytesAllocated - pool.numBytesUsed).toBe(100);
});

it('a GPU buffer that must not be reused is destroyed, however few are free', () => {
  const pool = makePool();
  boundFreeBuffers(pool, 100);

  pool.releaseBuffer(pool.take(10), false);

  expect(pool.freed).toEqual([10]);
});

it('every read after an error on the device fails with the first reason', async () => {
  let report: (message: string) => void = () => undefined;
  const device: ErrorSource = {
    addEventListener: (_, listener) => {
      report = (message) => listener({ error: { message }, preventDefault: () => undefined });
    },
  };
  const backend = { read: async (_: DataId) => [1, 2] };
  failReadsAfterErrors(backend, device);

  expect(await backend.read({})).toEqual([1, 2]);
  report('out of memory\n');
  report('something else');

  await expect(backend.read({})).rejects.toMatchObject({
    code: 'E_BACKEND',
    message: 'The GPU failed: out of memory',
  });
});
