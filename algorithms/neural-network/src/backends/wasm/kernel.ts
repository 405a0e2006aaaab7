/**
 * The compiled kernels (assembly/index.ts) with their types.
 */
import type { ActivationName } from '../../network/definition.js';
import type { DenseKernels } from './dense-kernels.js';
import { kernelBytes } from './kernel.generated.js';
import type { LayerKernels } from './layer-kernels.js';
import { type SharedMemory, webAssembly } from './web-assembly.js';

/** Their numbers in assembly/layout.ts. */
export const ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'];

/** Arguments are addresses in bytes and counts, as the functions' own files document them. */
export interface Kernel extends LayerKernels, DenseKernels {
  attach(control: number): void;
  threadCount(): number;
  sumColumns(matrix: number, rows: number, columns: number, sums: number): void;
}

export function compileKernel(): Promise<object> {
  return webAssembly.compile(kernelBytes);
}

export async function instantiateKernel(module: object, memory: SharedMemory): Promise<Kernel> {
  const { exports } = await webAssembly.instantiate(module, { env: { memory } });
  // The kernel's compiler checks its exports; their types cannot be seen from here.
  return exports as unknown as Kernel;
}
