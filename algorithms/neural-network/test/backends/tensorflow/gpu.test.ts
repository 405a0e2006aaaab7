import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

it('names the GPU and its driver as the kernel module does', () => {
  write('proc/driver/nvidia/gpus/0000:00:1e.0/information', 'Model: \t\t Tesla T4\nIRQ:   \t\t 34\n');
  write(
    'proc/driver/nvidia/version',
    'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.163.01  Tue Apr 8\nGCC version:',
  );
  expect(describeGpu(root)).toEqual({ device: 'Tesla T4', driver: 'NVIDIA 550.163.01' });
});

it('names the open kernel module’s driver too', () => {
  write(
    'proc/driver/nvidia/version',
    'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build\n',
  );
  expect(describeGpu(root)).toEqual({ device: 'GPU', driver: 'NVIDIA 570.86.15' });
});

it('calls it GPU when the kernel module’s files are not mounted', () => {
  expect(describeGpu(root)).toEqual({ device: 'GPU' });
});

it('says that there is no driver when a GPU is missing, or else how TensorFlow tells the reason', () => {
  expect(explainMissingGpu(root)).toBe("no GPU: there is no /dev/nvidiactl of NVIDIA's driver");
  write('dev/nvidiactl', '');
  expect(explainMissingGpu(root)).toContain('TF_CPP_MIN_LOG_LEVEL=0 shows why');
});
