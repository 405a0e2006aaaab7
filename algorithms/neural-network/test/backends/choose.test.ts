import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backend, BackendName } from '../../src/backends/backend.js';
import { type Starter, type StartSettings, startBackend, wantedBackend } from '../../src/backends/choose.js';
import { startCpu } from '../../src/backends/cpu.js';
import type { Operations } from '../../src/operations/operations.js';
import { memoryLog } from '../support/log.js';

let cpu: Backend;
const tried: [BackendName, StartSettings][] = [];
const closed: BackendName[] = [];

beforeAll(async () => {
  cpu = await startCpu();
});
afterEach(() => {
  tried.length = 0;
  closed.length = 0;
});

/** Whatever machine the tests run on. */
const noGpu = () => undefined;

/** Starters of which these fail: with a reason, or with a product that is wrong. */
function starters(failures: Partial<Record<BackendName, string | 'wrong'>>): Record<BackendName, Starter> {
  const starter =
    (name: BackendName): Starter =>
    async (settings) => {
      tried.push([name, settings]);
      const failure = failures[name];
      if (failure !== undefined && failure !== 'wrong') throw new Error(failure);
      return {
        ...cpu,
        name,
        ...{ device: `the ${name} device`, driver: '1.2', versions: { library: '3.4' } },
        operations: failure === 'wrong' ? withWrongProducts(cpu.operations) : cpu.operations,
        close: () => closed.push(name),
      };
    };
  return { tensorflow: starter('tensorflow'), webgpu: starter('webgpu'), wasm: starter('wasm'), cpu: starter('cpu') };
}

/** As of a product that takes the second matrix for its transpose. */
function withWrongProducts(operations: Operations): Operations {
  return {
    ...operations,
    dense: (inputs) => {
      const [rows, columns] = inputs.kernel.shape as [number, number];
      return operations.dense({
        ...inputs,
        kernel: tf.transpose(tf.reshape(inputs.kernel, [columns, rows])),
      });
    },
  };
}

describe('startBackend', () => {
  it('uses the first backend that works, and logs what is wrong with the earlier ones', async () => {
    const log = memoryLog();

    const backend = await startBackend('auto', {
      ...{ log, hostGpu: noGpu },
      starters: starters({ tensorflow: 'no libraries', webgpu: 'no GPU' }),
    });

    expect(backend.name).toBe('wasm');
    expect(tried.map(([name]) => name)).toEqual(['tensorflow', 'webgpu', 'wasm']);
    expect(log.lines).toEqual([
      'backend wasm on the wasm device, driver 1.2, library 3.4; not tensorflow: no libraries; not webgpu: no GPU',
    ]);
  });

  it('skips and closes a backend that computes a wrong product', async () => {
    const log = memoryLog();

    const backend = await startBackend('auto', { log, hostGpu: noGpu, starters: starters({ tensorflow: 'wrong' }) });

    expect(backend.name).toBe('webgpu');
    expect(closed).toEqual(['tensorflow']);
    expect(log.lines.join()).toContain('not tensorflow: a product must be 2 0 13 0 8 0 25 6; it is ');
  });

  it('starts only the requested backend, which may then be an emulated GPU', async () => {
    const log = memoryLog();

    const backend = await startBackend('webgpu', { threads: 3, log, starters: starters({}) });

    expect(backend.name).toBe('webgpu');
    expect(tried.map(([name, { threads, isForced }]) => [name, threads, isForced])).toEqual([['webgpu', 3, true]]);
    expect(log.lines).toEqual(['backend webgpu on the webgpu device, driver 1.2, library 3.4, as requested']);
  });

  it('fails with the reason if the requested backend does not start', async () => {
    const starting = startBackend('webgpu', { log: memoryLog(), starters: starters({ webgpu: 'no GPU' }) });

    await expect(starting).rejects.toMatchObject({
      name: 'ClientError',
      code: 'E_BACKEND',
      message: 'Backend "webgpu" does not work here (webgpu: no GPU). Choose auto to use one that does.',
    });
    expect(tried).toHaveLength(1);
  });

  it('fails on a host with a GPU that the image is for, rather than compute on the processor', async () => {
    const hostGpu = () => ({ name: 'Tesla T4, NVIDIA 470.182.03', hasCuda: true });

    const starting = startBackend('auto', { log: memoryLog(), hostGpu, starters: starters({ webgpu: 'no Vulkan' }) });

    await expect(starting).rejects.toMatchObject({
      name: 'ClientError',
      code: 'E_BACKEND',
      message:
        "No backend computes on the host's GPU, Tesla T4, NVIDIA 470.182.03 (tensorflow: it computes on the tensorflow device; " +
        'webgpu: no Vulkan). CUDA 12 needs driver 525 or newer: set InferenceAmiVersion for an endpoint or TransformAmiVersion for a ' +
        'transform. To compute on the processor, set the hyperparameter backend, or ALGO_BACKEND where a model is served, to wasm.',
    });
    expect(tried.map(([name]) => name)).toEqual(['tensorflow', 'webgpu']);
    expect(closed).toEqual(['tensorflow']);
  });

  it('computes on the processor of such a host when asked to', async () => {
    const hostGpu = () => ({ name: 'Tesla T4, NVIDIA 470.182.03', hasCuda: true });

    const backend = await startBackend('wasm', { log: memoryLog(), hostGpu, starters: starters({}) });

    expect(backend.name).toBe('wasm');
  });

  it('warns of a GPU that an image without CUDA leaves unused', async () => {
    const log = memoryLog();
    const hostGpu = () => ({ name: 'Tesla T4, NVIDIA 550.163.01', hasCuda: false });
    const failing = { tensorflow: 'no libraries', webgpu: 'no GPU' };

    const backend = await startBackend('auto', { log, hostGpu, starters: starters(failing) });

    expect(backend.name).toBe('wasm');
    expect(log.lines.at(-1)).toBe(
      'The host has a GPU, Tesla T4, NVIDIA 550.163.01, that is not used: this program comes without CUDA. The image for GPUs has it.',
    );
  });

  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;

    await startBackend('auto', { log: memoryLog(), hostGpu: noGpu, starters: starters({ tensorflow: 'wrong' }) });

    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('wantedBackend', () => {
  it('uses the hyperparameter, then the variable', () => {
    expect(wantedBackend('auto', {})).toBe('auto');
    expect(wantedBackend('auto', { ALGO_BACKEND: 'cpu' })).toBe('cpu');
    expect(wantedBackend('wasm', { ALGO_BACKEND: 'cpu' })).toBe('wasm');
  });

  it('rejects a variable that does not name a backend', () => {
    expect(() => wantedBackend('auto', { ALGO_BACKEND: 'gpu' })).toThrow(
      'Variable ALGO_BACKEND must be one of auto, tensorflow, webgpu, wasm, cpu; received "gpu".',
    );
  });
});
