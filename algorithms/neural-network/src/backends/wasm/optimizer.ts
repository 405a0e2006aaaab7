/**
 * Optimizers that move all weights in place with one kernel call per step. A table in the backend's memory says where
 * weights, moments and gradients are; only the gradients' addresses and the rates change from step to step.
 *
 *   table   rule | chunks … | tensors …      records of assembly/optimizer-records.ts
 */
import { keep, type Tensor } from '@tensorflow/tfjs-core';
import * as Records from '../../../assembly/optimizer-records.js';
import type { OptimizerRule, OptimizerState } from '../../operations/operations.js';
import type { WasmContext } from './context.js';
import type { WasmMemory } from './memory.js';

/** Elements of a chunk: 128 kB of weights, moments and gradients, so that a chunk fits a core's own cache. */
const CHUNK_ELEMENTS = 8192;
/** Elements from which threads share the work. */
const LARGE = 32_768;

export function createOptimizer(
  { kernel, memory }: WasmContext,
  rule: OptimizerRule,
  initial: readonly Tensor[],
  isRegularized: readonly boolean[],
  initialMoments?: readonly Tensor[],
): OptimizerState {
  const isAdam = rule.name !== 'sgd';
  const momentCount = isAdam ? 2 : Number(rule.momentum > 0);
  // Copies, because others may share the data of what was given, and these are overwritten.
  const copy = (tensor: Tensor): Tensor => {
    const copied = keep(memory.makeOutput(tensor.shape));
    kernel.copyWords(memory.addressOf(tensor), memory.addressOf(copied), tensor.size);
    return copied;
  };
  const weights = initial.map(copy);
  const moments = initialMoments?.map(copy) ?? zeros(memory, weights, momentCount);
  for (const tensor of [...initial, ...(initialMoments ?? [])]) tensor.dispose();

  const chunks = chunksOf(weights);
  const tensorsAt = Records.RULE_BYTES + chunks.length * Records.CHUNK_BYTES;
  const table = keep(memory.makeOutput([(tensorsAt + weights.length * Records.TENSOR_BYTES) / WORD_BYTES], 'int32'));
  const base = memory.addressOf(table);
  const isLarge = weights.reduce((sum, { size }) => sum + size, 0) >= LARGE;
  writeRule(memory, base, rule);
  writeWords(memory, base, [
    [Records.RULE_IS_ADAM, Number(isAdam)],
    [Records.RULE_CHUNKS, base + Records.RULE_BYTES],
    [Records.RULE_CHUNK_COUNT, chunks.length],
    [Records.RULE_TENSORS, base + tensorsAt],
  ]);
  for (const [index, { tensor, first, count }] of chunks.entries()) {
    writeWords(memory, base + Records.RULE_BYTES + index * Records.CHUNK_BYTES, [
      [Records.CHUNK_TENSOR, tensor],
      [Records.CHUNK_FIRST, first],
      [Records.CHUNK_COUNT, count],
    ]);
  }
  for (const [index, weight] of weights.entries()) {
    const own = moments.slice(index * momentCount, (index + 1) * momentCount).map(memory.addressOf);
    writeWords(memory, base + tensorsAt + index * Records.TENSOR_BYTES, [
      [Records.TENSOR_WEIGHT, memory.addressOf(weight)],
      [Records.TENSOR_FIRST_MOMENT, own[0] ?? 0],
      [Records.TENSOR_SECOND_MOMENT, own[1] ?? 0],
      [Records.TENSOR_IS_REGULARIZED, Number(isRegularized[index])],
    ]);
  }

  return {
    weights,
    update(gradients, learningRate, step) {
      const words = memory.words();
      for (const [index, gradient] of gradients.entries()) {
        words[(base + tensorsAt + index * Records.TENSOR_BYTES + Records.TENSOR_GRADIENT) / WORD_BYTES] =
          memory.addressOf(gradient);
      }
      const floats = memory.floats();
      floats[(base + Records.RULE_RATE) / WORD_BYTES] = isAdam ? learningRate / (1 - rule.beta1 ** step) : learningRate;
      floats[(base + Records.RULE_CORRECTION) / WORD_BYTES] = 1 / Math.sqrt(1 - rule.beta2 ** step);
      floats[(base + Records.RULE_DECAY) / WORD_BYTES] = 1 - learningRate * rule.weightDecay;
      kernel.updateWeights(base, isLarge);
    },
    moments: () => moments,
    dispose() {
      for (const tensor of [...weights, ...moments, table]) tensor.dispose();
    },
  };
}

// --- internal ---

const WORD_BYTES = 4;

interface Chunk {
  /** Number of the weight. */
  readonly tensor: number;
  readonly first: number;
  readonly count: number;
}

function chunksOf(weights: readonly Tensor[]): Chunk[] {
  return weights.flatMap(({ size }, tensor) =>
    Array.from({ length: Math.ceil(size / CHUNK_ELEMENTS) }, (_, index) => {
      const first = index * CHUNK_ELEMENTS;
      return { tensor, first, count: Math.min(CHUNK_ELEMENTS, size - first) };
    }),
  );
}

/** `count` moments per weight, weight after weight. */
function zeros(memory: WasmMemory, weights: readonly Tensor[], count: number): Tensor[] {
  return weights.flatMap(({ shape, size }) =>
    Array.from({ length: count }, () => {
      const moment = keep(memory.makeOutput(shape));
      const first = memory.addressOf(moment) / WORD_BYTES;
      memory.floats().fill(0, first, first + size);
      return moment;
    }),
  );
}

function writeRule(memory: WasmMemory, base: number, rule: OptimizerRule): void {
  const floats = memory.floats();
  const write = (offset: number, value: number): void => {
    floats[(base + offset) / WORD_BYTES] = value;
  };
  write(Records.RULE_SCALE, 1);
  write(Records.RULE_L1, rule.l1);
  write(Records.RULE_L2, rule.l2);
  write(Records.RULE_BETA1, rule.beta1);
  write(Records.RULE_BETA2, rule.beta2);
  write(Records.RULE_SHARE1, 1 - rule.beta1);
  write(Records.RULE_SHARE2, 1 - rule.beta2);
  write(Records.RULE_EPSILON, rule.epsilon);
  write(Records.RULE_MOMENTUM, rule.momentum);
  write(Records.RULE_CLIP_NORM, rule.clipNorm);
}

function writeWords(memory: WasmMemory, record: number, fields: readonly (readonly [number, number])[]): void {
  const words = memory.words();
  for (const [offset, value] of fields) words[(record + offset) / WORD_BYTES] = value;
}
