/**
 * A model of another program, on a backend that has all that it needs: TensorFlow.js's backends differ in the operations
 * that they have, and only running the model tells which it uses.
 */
import type { Log, ModelArtifact } from '@algo/contract';
import type { Backend } from '../backends/backend.js';
import type { WantedBackend } from '../backends/choose.js';
import { loadForeignModel, modelFile } from '../model/index.js';
import { createForeignScorer } from './foreign-scorer.js';
import type { Scorer } from './scorer.js';
import type { ServingOptions } from './settings.js';

/**
 * @param start starts the backend of a name, or the best one
 * @throws ClientError E_MODEL when the model cannot be loaded, or cannot answer a row of zeros
 */
export async function loadForeign(
  artifact: ModelArtifact,
  options: ServingOptions,
  { start, log }: { readonly start: (name: WantedBackend) => Promise<Backend>; readonly log: Log },
): Promise<{ readonly task: 'unknown'; readonly backend: Backend; readonly scorer: Scorer }> {
  const backend = await start(options.backend);
  try {
    return { task: 'unknown', backend, scorer: await loadAndTry(artifact, options) };
  } catch (error) {
    const missing = missingKernel(error);
    if (missing === undefined || options.backend !== 'auto' || backend.name === 'cpu') throw error;
    log.info(`backend cpu instead of ${backend.name}: the model needs operation ${missing}`);
    backend.close();
    const slower = await start('cpu');
    return { task: 'unknown', backend: slower, scorer: await loadAndTry(artifact, options) };
  }
}

// --- internal ---

async function loadAndTry(artifact: ModelArtifact, { maxBatchRows }: ServingOptions): Promise<Scorer> {
  const file = modelFile(Object.keys(artifact.manifest.files), artifact.read)!;
  const model = await loadForeignModel(file, artifact.read);
  const scorer = createForeignScorer(model, maxBatchRows);
  try {
    await scorer.score([{ features: new Float64Array(model.featureCount), rows: 1 }]);
    return scorer;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The operation that the backend has no kernel for, when that is the error. */
function missingKernel(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? /^Kernel '(\w+)' not registered for backend/.exec(cause.message)?.[1] : undefined;
}
