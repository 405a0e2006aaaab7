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

it('keeps free buffers up to the limit and frees what is released beyond it', () => {
  const pool = makePool();
  boundFreeBuffers(pool, 100);
  const buffers = [60, 30, 20, 10].map((size) => pool.take(size));

  for (const buffer of buffers) pool.releaseBuffer(buffer);

  expect(pool.freed).toEqual([20]);
  expect(pool.numBytesAllocated - pool.numBytesUsed).toBe(100);
});

it('frees a buffer that is not to be reused, however little is free', () => {
  const pool = makePool();
  boundFreeBuffers(pool, 100);

  pool.releaseBuffer(pool.take(10), false);

  expect(pool.freed).toEqual([10]);
});

it('fails every read after an error on the device, with the first reason', async () => {
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
    message: 'The GPU must not fail; it has: out of memory',
  });
});
