/**
 * From a model directory to a function that answers: manifest checked, model loaded, and one row predicted before
 * anybody else may ask. The row is the manifest's example, or zeros.
 */
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';
import { AlgorithmError, ContractError } from '../errors.js';
import type { Log } from '../log.js';
import { openModel } from '../model.js';
import { createInvocation, predictOnce } from './invocation.js';
import type { Invoke } from './message.js';

export interface LoadedModel {
  readonly invoke: Invoke;
  /** Most processes that may answer; undefined: as many as there is room for. */
  readonly maxProcesses: number | undefined;
}

/** @throws ContractError when there is no usable model, or it cannot answer */
export async function loadInvocation(algorithm: Algorithm, environment: Environment, log: Log): Promise<LoadedModel> {
  const artifact = openModel(environment.paths.model, algorithm);
  const { featureCount, featureNames, exampleRow, libsvmIndexBase: indexBase } = artifact.manifest.input;
  const model = await algorithm.load(artifact, environment, log);
  const options = { algorithm, model, featureCount, featureNames, indexBase, settings: environment.serving, log };
  const invoke = createInvocation(options);
  try {
    await predictOnce(options, exampleRow ? Float64Array.from(exampleRow) : new Float64Array(featureCount));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof ContractError ? error.code : 'E_ALGORITHM';
    throw new AlgorithmError(code, `The model's self-test prediction failed: ${message}`, { cause: error });
  }
  return { invoke, maxProcesses: algorithm.servingProcesses?.(model) };
}
