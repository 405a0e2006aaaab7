/**
 * Losses with their gradients, in one kernel call.
 */
import type { LossName, Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';

/** Their numbers in assembly/loss.ts. */
const LOSSES: readonly LossName[] = ['squaredError', 'binaryCrossEntropy', 'softmaxCrossEntropy'];

/** What the kernel asks for: 64 partial sums in float64. */
const SLOT_BYTES = 64 * 8;

export function createLoss({ kernel, memory }: WasmContext): Pick<Operations, 'loss'> {
  return {
    loss(name, { outputs, labels, weights, divisor }) {
      const loss = memory.makeOutput([]);
      const gradient = memory.makeOutput(outputs.shape);
      kernel.loss(
        LOSSES.indexOf(name),
        memory.addressOf(outputs),
        memory.addressOf(labels),
        weights === undefined ? 0 : memory.addressOf(weights),
        memory.addressOf(gradient),
        memory.addressOf(loss),
        memory.scratch(SLOT_BYTES),
        outputs.shape[0]!,
        outputs.shape[1]!,
        1 / divisor,
      );
      return { loss, gradient };
    },
  };
}
