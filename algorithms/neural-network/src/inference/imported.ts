/**
 * An imported model, on a backend that can run it: TensorFlow.js's backends differ in the operations that they
 * have and in what these take, and only running the model shows whether it works. If the best backend cannot run it,
 * the next ones are tried.
 */
import { ClientError, type Log, type ModelArtifact } from '@algo/contract';
import { disposeVariables } from '@tensorflow/tfjs-core';
import { BACKEND_NAMES, type Backend } from '../backends/backend.js';
import { BACKEND_VARIABLE, type WantedBackend } from '../backends/choose.js';
import {
  describeShape,
  type ImportedModelFiles,
  type LoadedImportedModel,
  loadImportedModel,
  modelFile,
  readImportedModel,
  trainingNormalizations,
} from '../model/index.js';
import { disprove, MAX_WORK } from './imported-proof.js';
import { createImportedScorer } from './imported-scorer.js';
import { suitableRows, type Trial, tryModel } from './imported-trial.js';
import { importedOutputs, type ServedOutputs } from './outputs.js';
import type { Scorer } from './scorer.js';
import type { ServingOptions } from './settings.js';

export interface ServedImportedModel {
  readonly outputs: ServedOutputs;
  readonly backend: Backend;
  readonly scorer: Scorer;
}

/**
 * @param start starts the backend of a name, or the best one
 * @throws ClientError E_MODEL when the model cannot be loaded, or cannot answer rows of zeros
 */
export async function loadImported(
  artifact: ModelArtifact,
  options: ServingOptions,
  { start, log }: { readonly start: (name: WantedBackend) => Promise<Backend>; readonly log: Log },
): Promise<ServedImportedModel> {
  const file = modelFile(artifact.names, artifact.read)!;
  const files = readImportedModel(file, artifact.read);
  let backend = await start(options.backend);
  for (;;) {
    try {
      return await serveOn(backend, files, options, log);
    } catch (error) {
      disposeVariables();
      backend.close();
      const next = nextBackend(backend);
      if (next === undefined) throw error;
      if (options.backend !== 'auto') throw withAdvice(error, backend);
      log.info(`backend ${next} instead of ${backend.name}, which cannot run the model (${reasonOf(error)})`);
      backend = await start(next);
    }
  }
}

// --- internal ---

async function serveOn(
  backend: Backend,
  files: ImportedModelFiles,
  { maxBatchRows, processes }: ServingOptions,
  log: Log,
): Promise<ServedImportedModel> {
  const model = await loadImportedModel(files);
  try {
    const trial = await tryModel(model);
    const wrong = backend.name === 'cpu' || trial.work > MAX_WORK ? undefined : await disprove(model, files);
    if (wrong)
      throw new ClientError(
        'E_MODEL',
        `${files.file}: backend ${backend.name} computes wrong results for this model: ${wrong}.`,
      );
    const rows = maxBatchRows ?? suitableRows(trial.rowBytes ?? 1, backend, processes);
    const scorer = createImportedScorer(model, rows);
    const outputs = importedOutputs(model.outputNames);
    describe(model, trial, scorer, { outputs, log });
    warnOfUndefined(files, trial, log);
    return { outputs, backend, scorer };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The next one that does more, more slowly. */
function nextBackend({ name }: Backend): 'wasm' | 'cpu' | undefined {
  return (['wasm', 'cpu'] as const).find((next) => BACKEND_NAMES.indexOf(next) > BACKEND_NAMES.indexOf(name));
}

function withAdvice(error: unknown, { name }: Backend): unknown {
  if (!(error instanceof ClientError)) return error;
  const advice = `Backend ${name} is set by ${BACKEND_VARIABLE}: without it, the model would fall back to a backend that can run it.`;
  return new ClientError(error.code, `${error.message} ${advice}`, { cause: error });
}

/** What TensorFlow.js itself said, on one line. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return line;
}

/** For the log: the columns of each input, and the outputs by key. */
function describe(
  { inputs }: LoadedImportedModel,
  { shapes }: Trial,
  { maxRows }: Scorer,
  { outputs, log }: { readonly outputs: ServedOutputs; readonly log: Log },
): void {
  let first = 0;
  const taken = inputs.map(({ label, dtype, shape, size }) => {
    const columns = size === 1 ? `column ${first}` : `columns ${first} to ${first + size - 1}`;
    first += size;
    return `"${label}" ${describeShape(dtype, shape)} from ${columns}`;
  });
  log.info(`inputs: ${taken.join(', ')}`);
  const given = outputs.names.map((name, index) => `"${name}" ${shapes[index]}`);
  log.info(`outputs: ${given.join(', ')}; at most ${maxRows} rows per batch`);
}

function warnOfUndefined({ json }: ImportedModelFiles, { undefinedOutputs }: Trial, log: Log): void {
  const repaired = trainingNormalizations(json);
  if (repaired.length > 0) {
    log.info(
      `the graph has ${repaired.join(', ')} with is_training, which is how tf_keras exports LayerNormalization: TensorFlow.js would return NaN; it is computed as in TensorFlow`,
    );
  }
  if (undefinedOutputs.length === 0) return;
  const names = undefinedOutputs.map((name) => `"${name}"`).join(', ');
  log.error(`warning: for a row of zeros the model's output ${names} is NaN: null in JSON responses, NaN in CSV`);
}
