/**
 * Choosing, joining and cutting rows and columns on the wasm kernels: embeddings, batches, shuffles.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';

type Rows = Pick<
  Operations,
  'embed' | 'embedBackward' | 'concatenate' | 'concatenateBackward' | 'slice' | 'gather' | 'changed'
>;

export function createRows({ kernel, memory }: WasmContext): Rows {
  const gather = (table: Tensor, indices: Tensor): Tensor => {
    const [entries = 1, ...row] = table.shape;
    const output = memory.makeOutput([indices.size, ...row], table.dtype);
    kernel.gatherRows(
      memory.addressOf(table),
      memory.addressOf(indices),
      memory.addressOf(output),
      indices.size,
      sizeOf(row),
      entries,
    );
    return output;
  };
  return {
    embed: gather,
    gather,
    embedBackward(outputGradient, indices, entries) {
      const width = outputGradient.shape[1]!;
      const table = memory.makeOutput([entries, width]);
      kernel.scatterRows(
        memory.addressOf(outputGradient),
        memory.addressOf(indices),
        memory.addressOf(table),
        indices.size,
        width,
        entries,
      );
      return table;
    },
    concatenate(parts) {
      const rows = parts[0]!.shape[0]!;
      const columns = parts.reduce((sum, part) => sum + part.shape[1]!, 0);
      const output = memory.makeOutput([rows, columns]);
      let to = memory.addressOf(output);
      for (const part of parts) {
        const width = part.shape[1]!;
        kernel.copyColumns(memory.addressOf(part), width, to, columns, rows, width);
        to += width * WORD_BYTES;
      }
      return output;
    },
    concatenateBackward(outputGradient, widths) {
      const [rows, columns] = [outputGradient.shape[0]!, outputGradient.shape[1]!];
      let from = memory.addressOf(outputGradient);
      return widths.map((width) => {
        const part = memory.makeOutput([rows, width]);
        kernel.copyColumns(from, columns, memory.addressOf(part), width, rows, width);
        from += width * WORD_BYTES;
        return part;
      });
    },
    slice(input, first, count) {
      const row = input.shape.slice(1);
      const width = sizeOf(row);
      const output = memory.makeOutput([count, ...row], input.dtype);
      kernel.copyWords(memory.addressOf(input) + first * width * WORD_BYTES, memory.addressOf(output), count * width);
      return output;
    },
    /** In place: the array is the backend's memory, and the tensors are those that were given. */
    async changed(tensors, change) {
      const size = tensors.reduce((sum, tensor) => sum + tensor.size, 0);
      const flat = memory.makeOutput([size]);
      const first = memory.addressOf(flat);
      const eachPart = (copy: (own: number, part: number, size: number) => void) => {
        let part = first;
        for (const tensor of tensors) {
          copy(memory.addressOf(tensor), part, tensor.size);
          part += tensor.size * WORD_BYTES;
        }
      };
      eachPart((own, part, size) => kernel.copyWords(own, part, size));
      change(memory.floats().subarray(first / WORD_BYTES, first / WORD_BYTES + size));
      eachPart((own, part, size) => kernel.copyWords(part, own, size));
      return tensors;
    },
  };
}

// --- internal ---

const WORD_BYTES = 4;

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}
