/** What the server asks of a loaded model: its outputs, and how its requests are best divided and put together. */
import type { AvailableOutputs, Batching, OutputDefinition } from '@algo/contract';
import type { ServedModel } from './load.js';
import { OUTPUTS, subjectOf } from './outputs.js';

/** Products that take about a millisecond on one processor. */
const BOUNDED_PRODUCTS = 1_000_000;
/** More rows take longer to be read and written than to be predicted. */
const BOUNDED_ROWS = 256;
/** Rows that may wait in a process, whatever the size of a batch. */
const MIN_QUEUED_ROWS = 2 ** 16;

/** The outputs that a caller may ask for. */
export function availableOutputs({ outputs }: ServedModel): AvailableOutputs {
  return { names: outputs.names, of: subjectOf(outputs) };
}

/** What the answers of this model may have: of an imported model with several outputs, their own names. */
export function modelOutputs({ outputs }: ServedModel): Readonly<Record<string, OutputDefinition>> {
  if (outputs.task !== 'unknown' || outputs.names.length === 1) return OUTPUTS;
  return Object.fromEntries(
    outputs.names.map((name) => [name, { description: `Output "${name}" of the model.`, optional: true }]),
  );
}

/** Maximum number of processes that should serve the model: a GPU's memory has room for one. */
export function servingProcesses({ backend }: Pick<ServedModel, 'backend'>): number {
  return backend.isGpu ? 1 : Number.POSITIVE_INFINITY;
}

/** Maximum number of rows that are predicted in about a millisecond; 0 on a device, which belongs to one process. */
export function boundedRows({ backend, scorer, isDirect }: ServedModel): number {
  const isOwnThread = backend.name === 'wasm' || backend.name === 'cpu';
  if (!isOwnThread || !isDirect || scorer.rowProducts === undefined) return 0;
  return Math.min(BOUNDED_ROWS, scorer.maxRows, Math.floor(BOUNDED_PRODUCTS / scorer.rowProducts));
}

/** How requests are predicted together: as many rows as suit the device, by default without waiting for others. */
export function modelBatching(
  { scorer }: Pick<ServedModel, 'scorer'>,
  { maxDelayMs = 0 }: Pick<Partial<Batching>, 'maxDelayMs'>,
): Batching {
  const { maxRows } = scorer;
  return { maxRows, maxDelayMs, maxQueuedRows: Math.max(MIN_QUEUED_ROWS, 16 * maxRows) };
}
