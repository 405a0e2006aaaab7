/**
 * The compiled kernels (assembly/index.ts) with their types.
 */
import { setFlagsFromString } from 'node:v8';
import { type WebAssemblyModule, webAssembly } from '@algo/numerics';
import type { ActivationName } from '../../network/definition.js';
import { kernelBytes } from './kernel.generated.js';

/** Their numbers in assembly/layout.ts. */
export const ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'];

export interface CompiledKernel {
  readonly module: WebAssemblyModule;
  /** Whether it was compiled into 256-bit vectors. */
  readonly joinsVectors: boolean;
}

/**
 * The kernels' module, compiled once. V8's optimizing compiler joins pairs of the 128-bit vectors of WebAssembly into
 * 256-bit ones where the processor has them, which nearly doubles the speed of a matrix product, but only when asked.
 * V8 reads its flags when it compiles, so they are set for just that long, and everything is compiled eagerly and
 * permanently: no other module is compiled so, and no call is slow for being among the first. V8 calls the joining
 * experimental, so what comes out is put to the test (self-test.ts), and is not used when it fails.
 */
export function compileKernel(): CompiledKernel {
  compiled ??= compile(canJoinVectors());
  return compiled;
}

/** The kernels compiled with 128-bit vectors, now and from now on. */
export function compileKernelPlainly(): CompiledKernel {
  compiled = compile(false);
  return compiled;
}

// --- internal ---

const COMPILER_FLAGS = [
  { set: '--no-liftoff', reset: '--liftoff' },
  { set: '--no-wasm-lazy-compilation', reset: '--wasm-lazy-compilation' },
];
const JOIN_VECTORS = {
  set: '--experimental-wasm-revectorize',
  reset: '--no-experimental-wasm-revectorize',
};

let compiled: CompiledKernel | undefined;

function compile(joinsVectors: boolean): CompiledKernel {
  const flags = joinsVectors ? [...COMPILER_FLAGS, JOIN_VECTORS] : COMPILER_FLAGS;
  for (const { set } of flags) setFlagsFromString(set);
  try {
    return { module: new webAssembly.Module(kernelBytes), joinsVectors };
  } finally {
    for (const { reset } of flags) setFlagsFromString(reset);
  }
}

/** Whether this V8 was built with the flag; another one would print that it does not know it. */
function canJoinVectors(): boolean {
  const variables: Readonly<Record<string, unknown>> = { ...process.config.variables };
  return variables.v8_enable_wasm_simd256_revec === 1;
}
