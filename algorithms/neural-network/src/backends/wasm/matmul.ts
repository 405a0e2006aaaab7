/**
 * TensorFlow.js's matrix products on the kernels of this backend: float32, with as many matrices on both sides, or many
 * on the left and one on the right. The rest stays with TensorFlow.js's own kernels.
 */
import { BatchMatMul, _FusedMatMul as FusedMatMul, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../network/definition.js';
import type { WasmContext } from './context.js';
import { ACTIVATIONS } from './kernel.js';
import { type KernelCall, replaceKernel } from './replace-kernel.js';

/** Replaces the kernels of `tf.matMul` and `tf.fused.matMul`. @returns what puts the old ones back */
export function replaceProducts(context: WasmContext): () => void {
  const undo = [BatchMatMul, FusedMatMul].map((name) =>
    replaceKernel(name, (original) => (call) => {
      const plan = planProduct(call);
      return plan ? runProduct(context, plan) : original(call);
    }),
  );
  return () => {
    for (const one of undo) one();
  };
}

// --- internal ---

interface ProductPlan {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias: TensorInfo | undefined;
  readonly isATransposed: boolean;
  readonly isBTransposed: boolean;
  readonly activation: ActivationName;
  readonly batches: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly outputShape: readonly number[];
}

const FUSED_ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'sigmoid', 'elu'];

/** How a call becomes products of ours; undefined when it cannot. */
function planProduct({ inputs, attrs = {} }: KernelCall): ProductPlan | undefined {
  const { a, b, bias } = inputs;
  if (!a || !b || a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  const isATransposed = Boolean(attrs.transposeA);
  const isBTransposed = Boolean(attrs.transposeB);
  const activation = FUSED_ACTIVATIONS.find((name) => name === (attrs.activation ?? 'linear'));
  const [rows, depth] = matrixOf(a, isATransposed);
  const [depthOfB, columns] = matrixOf(b, isBTransposed);
  const batchShape = a.shape.slice(0, -2);
  const batches = product(batchShape);
  const isShared = product(b.shape.slice(0, -2)) === 1 && b.shape.length <= a.shape.length;
  const isPaired = b.shape.slice(0, -2).join() === batchShape.join();
  const isBiasPlain = bias === undefined || (bias.dtype === 'float32' && bias.shape.join() === `${columns}`);
  if (activation === undefined || !isBiasPlain || depth !== depthOfB || batches * rows * columns * depth === 0) {
    return undefined;
  }
  const shared = { a, b, bias, isATransposed, isBTransposed, activation, columns, depth };
  const outputShape = [...batchShape, rows, columns];
  if (isShared && !isATransposed) return { ...shared, batches: 1, rows: batches * rows, outputShape };
  return isPaired ? { ...shared, batches, rows, outputShape } : undefined;
}

function runProduct({ kernel, memory }: WasmContext, plan: ProductPlan): TensorInfo {
  const { batches, rows, columns, depth } = plan;
  const output = memory.makeOutput(plan.outputShape);
  const packed = plan.isBTransposed ? memory.scratch(kernel.productScratchBytes(columns, depth)) : 0;
  const bias = plan.bias ? memory.addressOf(plan.bias) : 0;
  const [a, b, c] = [plan.a, plan.b, output].map((tensor) => memory.addressOf(tensor)) as [number, number, number];
  for (let batch = 0; batch < batches; batch++) {
    kernel.product(
      a + 4 * batch * rows * depth,
      plan.isATransposed,
      b + 4 * batch * depth * columns,
      packed,
      rows,
      columns,
      depth,
      bias,
      ACTIVATIONS.indexOf(plan.activation),
      0,
      c + 4 * batch * rows * columns,
    );
  }
  return output;
}

/** Rows and columns of the last two dimensions, after transposition. */
function matrixOf({ shape }: TensorInfo, isTransposed: boolean): [number, number] {
  const [first = 1, second = 1] = shape.slice(-2);
  return isTransposed ? [second, first] : [first, second];
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}
