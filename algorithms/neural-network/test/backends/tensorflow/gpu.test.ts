import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findHostGpu } from '../../../src/backends/host-gpu.js';
import { describeGpu, explainMissingGpu } from '../../../src/backends/tensorflow/gpu.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gpu-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

it('names the GPU and its driver from the kernel module’s files', () => {
  write('proc/driver/nvidia/gpus/0000:00:1e.0/information', 'Model: \t\t Tesla T4\nIRQ:   \t\t 34\n');
  write(
    'proc/driver/nvidia/version',
    'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.163.01  Tue Apr 8\nGCC version:',
  );
  expect(describeGpu(root)).toEqual({ device: 'Tesla T4', driver: 'NVIDIA 550.163.01' });
});

it('also names the open kernel module’s driver', () => {
  write(
    'proc/driver/nvidia/version',
    'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build\n',
  );
  expect(describeGpu(root)).toEqual({ device: 'GPU', driver: 'NVIDIA 570.86.15' });
});

it('is called GPU if the kernel module’s files are not mounted', () => {
  expect(describeGpu(root)).toEqual({ device: 'GPU' });
});

it('is found on a host that has mounted the driver, with whether the program comes with CUDA', () => {
  const folders = [join(root, 'none'), join(root, 'tensorflow')];
  expect(findHostGpu(root, folders)).toBeUndefined();

  write('dev/nvidiactl', '');
  write('proc/driver/nvidia/version', 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.182.03  Fri Feb 24\n');
  expect(findHostGpu(root, folders)).toEqual({ name: 'GPU, NVIDIA 470.182.03', hasCuda: false });

  write('tensorflow/nvidia/cudnn/lib/libcudnn.so.9', '');
  expect(findHostGpu(root, folders)).toEqual({ name: 'GPU, NVIDIA 470.182.03', hasCuda: true });
});

it('without a GPU, the reason is a missing driver or how to make TensorFlow log it', () => {
  expect(explainMissingGpu(root)).toBe("no GPU: NVIDIA's driver is missing (no /dev/nvidiactl)");
  write('dev/nvidiactl', '');
  expect(explainMissingGpu(root)).toContain('TF_CPP_MIN_LOG_LEVEL=0 shows why');
});
