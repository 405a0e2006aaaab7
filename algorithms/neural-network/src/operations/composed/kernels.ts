/**
 * TensorFlow.js's kernels without its operation wrappers: no checks, no conversions, no gradient tape, so that a call
 * costs a microsecond or two of JavaScript. Only kernels that cpu, wasm, webgpu and tensorflow all register are here.
 */
import { engine, type KernelBackend, keep, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

/** Runs a kernel with one result. The open scope owns it. */
export function run(kernel: string, inputs: Readonly<Record<string, Tensor>>, attributes?: NamedAttrMap): Tensor {
  return engine().runKernel(kernel, inputs, attributes);
}

export const add = (a: Tensor, b: Tensor): Tensor => run('Add', { a, b });
export const subtract = (a: Tensor, b: Tensor): Tensor => run('Sub', { a, b });
export const multiply = (a: Tensor, b: Tensor): Tensor => run('Multiply', { a, b });
export const divide = (a: Tensor, b: Tensor): Tensor => run('RealDiv', { a, b });
export const square = (x: Tensor): Tensor => run('Square', { x });
export const squareRoot = (x: Tensor): Tensor => run('Sqrt', { x });
export const sigmoid = (x: Tensor): Tensor => run('Sigmoid', { x });
export const exponential = (x: Tensor): Tensor => run('Exp', { x });

/** The same values in another shape: no copy but on the tensorflow backend. */
export const reshape = (x: Tensor, shape: readonly number[]): Tensor => run('Reshape', { x }, { shape: [...shape] });

export const sum = (x: Tensor, axis: readonly number[], keepDims = false): Tensor =>
  run('Sum', { x }, { axis: [...axis], keepDims });

export const mean = (x: Tensor, axis: readonly number[]): Tensor =>
  run('Mean', { x }, { axis: [...axis], keepDims: false });

/** Sum of all values, as a scalar. */
export const total = (x: Tensor): Tensor =>
  sum(
    x,
    x.shape.map((_, axis) => axis),
  );

/** Product of two matrices. */
export const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  run('BatchMatMul', { a, b }, { transposeA, transposeB });

/** Joins along an axis. */
export function concatenate(parts: readonly Tensor[], axis: number): Tensor {
  // A list is a map from positions: `Concat` takes its inputs so, in every backend.
  return run('Concat', parts as unknown as Record<string, Tensor>, { axis });
}

/** Cuts along an axis into parts of these sizes. */
export function split(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  return engine().runKernel('SplitV', { x }, { numOrSizeSplits: [...sizes], axis });
}

/** A tensor with these values, uploaded. */
export function upload(values: Float32Array, shape: readonly number[]): Tensor {
  return engine().makeTensor(values, [...shape], 'float32');
}

/** The values of a float32 tensor, copied. */
export async function download(tensor: Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}

/** A number that changes from step to step. */
export const scalar = (value: number): Tensor => upload(Float32Array.of(value), []);

const constants = new WeakMap<KernelBackend, Map<number, Tensor>>();

/** A number that the code names: uploaded once a backend, and kept. Not for numbers that come with the data. */
export function constant(value: number): Tensor {
  const { backend } = engine();
  const known = constants.get(backend) ?? new Map<number, Tensor>();
  constants.set(backend, known);
  const found = known.get(value);
  if (found !== undefined && !found.isDisposed) return found;
  const made = keep(scalar(value));
  known.set(value, made);
  return made;
}
