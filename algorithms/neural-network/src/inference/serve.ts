/**
 * Serving: a model directory becomes one function from rows to outputs, on the best available backend. Networks trained
 * here run on our own operations, imported models on TensorFlow.js's runtimes.
 */
import {
  type AvailableOutputs,
  type Batching,
  type Block,
  ClientError,
  type LoadContext,
  type ModelArtifact,
  type OutputDefinition,
  type Predictions,
  type PredictRequest,
} from '@algo/contract';
import type { Backend } from '../backends/backend.js';
import { startBackend, type WantedBackend } from '../backends/choose.js';
import { NETWORK_FILE, readTrainedNetwork } from '../model/index.js';
import { loadImported } from './imported.js';
import { createNetworkScorer } from './network-scorer.js';
import { OUTPUTS, outputColumns, outputsOf, type ServedOutputs, subjectOf } from './outputs.js';
import type { Scorer } from './scorer.js';
import { readServingOptions, type ServingOptions } from './settings.js';

/** A loaded model. */
export interface ServedModel {
  readonly outputs: ServedOutputs;
  readonly backend: Backend;
  readonly scorer: Scorer;
  /** Whether small requests are answered at once: nothing can wait while the device is this thread. */
  readonly isDirect: boolean;
}

/**
 * @throws ClientError E_MODEL for files that are no model; PlatformError for a variable that cannot be honoured; what the
 *   backend's start throws
 */
export async function loadModel({
  artifact,
  environment,
  log,
}: Pick<LoadContext, 'artifact' | 'log'> & {
  readonly environment: Pick<LoadContext['environment'], 'serving' | 'variables'>;
}): Promise<ServedModel> {
  const options = readServingOptions(environment);
  const start = (name: WantedBackend) => startBackend(name, { threads: options.threads, log });
  const isOurs = artifact.names.includes(NETWORK_FILE);
  const loaded = isOurs
    ? await loadNetwork(artifact, options, start)
    : await loadImported(artifact, options, { start, log });
  return { ...loaded, isDirect: loaded.scorer.isImmediate && options.maxBatchDelayMs === 0 };
}

/** Ends the backend's threads and frees its device. */
export function closeModel({ backend }: Pick<ServedModel, 'backend'>): void {
  backend.close();
}

/**
 * The outputs of a request's rows, synchronously if possible.
 * @throws ClientError E_DATA_COLUMNS for rows of another width
 */
export function predictRows(
  model: ServedModel,
  { features, rows, columns }: Pick<Block, 'features' | 'rows' | 'columns'>,
  { outputs: asked }: Pick<PredictRequest, 'outputs'>,
): Predictions | Promise<Predictions> {
  const { outputs, scorer } = model;
  if (columns !== scorer.featureCount) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `Each row must have the model's ${scorer.featureCount} feature columns; received ${columns}.`,
    );
  }
  const names = asked ?? outputs.defaults;
  const scores = scorer.score({ features, rows });
  if (scores instanceof Promise) return scores.then((values) => outputColumns(names, outputs, values));
  return outputColumns(names, outputs, scores);
}

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

/** Products that take about a millisecond on one processor. */
const BOUNDED_PRODUCTS = 1_000_000;
/** More rows take longer to be read and written than to be predicted. */
const BOUNDED_ROWS = 256;

/** Maximum number of rows that are predicted in about a millisecond; 0 on a device, which belongs to one process. */
export function boundedRows({ backend, scorer, isDirect }: ServedModel): number {
  const isOwnThread = backend.name === 'wasm' || backend.name === 'cpu';
  if (!isOwnThread || !isDirect || scorer.rowProducts === undefined) return 0;
  return Math.min(BOUNDED_ROWS, scorer.maxRows, Math.floor(BOUNDED_PRODUCTS / scorer.rowProducts));
}

/** Rows that may wait in a process, whatever the size of a batch. */
const MIN_QUEUED_ROWS = 2 ** 16;

/** How requests are predicted together: as many rows as suit the device, by default without waiting for others. */
export function modelBatching(
  { scorer }: Pick<ServedModel, 'scorer'>,
  { maxDelayMs = 0 }: Pick<Partial<Batching>, 'maxDelayMs'>,
): Batching {
  const { maxRows } = scorer;
  return { maxRows, maxDelayMs, maxQueuedRows: Math.max(MIN_QUEUED_ROWS, 16 * maxRows) };
}

// --- internal ---

async function loadNetwork(
  artifact: ModelArtifact,
  { backend: wanted, maxBatchRows }: ServingOptions,
  start: (name: WantedBackend) => Promise<Backend>,
) {
  // Reading a file checks its digest: a damaged one is found at the start, also where serving does not need it.
  for (const name of artifact.names) artifact.read(name);
  const network = readTrainedNetwork(artifact);
  const backend = await start(wanted);
  const scorer = createNetworkScorer(backend, network, maxBatchRows);
  return { outputs: outputsOf(network.definition.task, artifact.categories?.labels[0]), backend, scorer };
}
