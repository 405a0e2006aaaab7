/**
 * A model directory becomes a scorer on the best available backend. Networks trained here run on our own operations,
 * imported models on TensorFlow.js's runtimes.
 */
import type { LoadContext, ModelArtifact } from '@algo/contract';
import type { Backend } from '../backends/backend.js';
import { startBackend, type WantedBackend } from '../backends/choose.js';
import { NETWORK_FILE, readTrainedNetwork } from '../model/index.js';
import { loadImported } from './imported.js';
import { createNetworkScorer } from './network-scorer.js';
import { outputsOf, type ServedOutputs } from './outputs.js';
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
