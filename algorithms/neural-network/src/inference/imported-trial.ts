/**
 * Runs an imported model on two rows of zeros to find out whether it runs at all, what its outputs look like, and how
 * much memory a row needs, which decides the batch size.
 */
import { allowedCpus, memoryLimit } from '@algo/contract';
import { engine } from '@tensorflow/tfjs-core';
import type { Backend } from '../backends/backend.js';
import { describeShape, type LoadedImportedModel } from '../model/index.js';
import { workOf } from './imported-proof.js';
import { createImportedScorer } from './imported-scorer.js';
import type { Scores } from './scorer.js';

export interface Trial {
  /** Of each output, in order: `float32 [rows × 10]`. */
  readonly shapes: readonly string[];
  /** Names of outputs that are no number for a row of zeros. */
  readonly undefinedOutputs: readonly string[];
  /** Bytes of all that a row leads to inside the model, at its widest; undefined for a fixed number of rows. */
  readonly rowBytes: number | undefined;
  /** Approximate number of multiplications in the trial. */
  readonly work: number;
}

/** @throws ClientError E_MODEL when the model cannot answer */
export async function tryModel(model: LoadedImportedModel): Promise<Trial> {
  const { scores, shapes } = await tryRows(model, model.batchSize ?? 1);
  const all = [scores, ...(scores.others ?? [])];
  const { peakBytes, work } = await profileRows(model);
  return {
    shapes,
    undefinedOutputs: model.outputNames.filter((_, index) => all[index]!.values.some(Number.isNaN)),
    rowBytes: model.batchSize === undefined ? Math.max(1, peakBytes / 2) : undefined,
    work,
  };
}

/** Batch size of a model whose rows take this much memory. @param processes that share the memory */
export function suitableRows(
  rowBytes: number,
  { isGpu }: Pick<Backend, 'isGpu'>,
  processes = allowedCpus(),
  limitBytes = memoryLimit(),
): number {
  const share = limitBytes / SHARE_OF_MEMORY / (isGpu ? 1 : processes);
  const budget = isGpu ? MAX_GPU_BYTES : Math.min(MAX_BYTES, share);
  return Math.max(1, Math.min(MAX_ROWS, Math.floor(budget / rowBytes)));
}

// --- internal ---

/** More rows than this gain nothing, and others wait longer for their turn. */
const MAX_ROWS = 256;
/** A batch takes this small part of a process's memory, because kernels need memory in addition to their results. */
const SHARE_OF_MEMORY = 8;
/** wasm keeps the memory it has allocated; larger batches are not faster. */
const MAX_BYTES = 2 ** 28;
const MAX_GPU_BYTES = 2 ** 31;

async function tryRows(
  model: LoadedImportedModel,
  rows: number,
): Promise<{ scores: Scores; shapes: readonly string[] }> {
  let shapes: readonly string[] = [];
  const traced: LoadedImportedModel = {
    ...model,
    async run(features, count) {
      const outputs = await model.run(features, count);
      shapes = outputs.map(({ dtype, shape }) => describeShape(dtype, shape.slice(1)));
      return outputs;
    },
  };
  const features = new Float64Array(rows * model.featureCount);
  const scores = await createImportedScorer(traced, rows).score({ features, rows });
  return { scores, shapes };
}

/** Peak memory in bytes while two rows are computed, and the amount of work. */
async function profileRows(model: LoadedImportedModel): Promise<{ peakBytes: number; work: number }> {
  const rows = model.batchSize ?? 2;
  // Two rows also show outputs that do not grow with them. The profiler hides what goes wrong, so it comes second.
  await tryRows(model, rows);
  const before = engine().memory().numBytes;
  const { peakBytes, kernels } = await engine().profile(async () => {
    await tryRows(model, rows);
    return [];
  });
  return { peakBytes: peakBytes - before, work: workOf(kernels) };
}
