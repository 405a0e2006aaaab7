/**
 * From a model directory to a function that answers: manifest checked, model loaded, and one row predicted before
 * anybody else may ask. The row is the manifest's example, or zeros.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';
import { AlgorithmError, ClientError, ContractError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { modelInputProblem } from '../model/input-problem.js';
import { openAdditionalModels, openModel } from '../model/open.js';
import type { Converse } from './conversation/converse.js';
import { bytesBelow, FRONT_MODEL_BYTES } from './front-first.js';
import { createInvocation, type Invocation, type InvocationOptions, predictOnce } from './invocation.js';
import { memoryLimit } from './memory-plan.js';
import type { ModelFacts } from './worker-message.js';

export interface LoadedModel
  extends Invocation,
    Pick<ModelFacts, 'maxProcesses' | 'isConcurrent' | 'isBatched' | 'isForFront'> {
  /** Holds conversations, of an algorithm that has them. */
  readonly converse: Converse | undefined;
  /** Frees what the model holds; the invocation must not be used after. Never rejects, and waits for a few seconds at most. */
  close(): Promise<void>;
}

/** @throws ContractError when there is no usable model, or it cannot answer */
export async function loadInvocation(algorithm: Algorithm, environment: Environment, log: Log): Promise<LoadedModel> {
  const artifact = openModel(environment.paths.model, algorithm);
  const additional = openAdditionalModels(environment.paths.additionalModels);
  const model = await algorithm.load({ artifact, additional, environment, log, memoryLimitBytes: memoryLimit() });
  const close = () => closeModel(algorithm, model, log);
  try {
    const input = { ...artifact.input, ...algorithm.modelInput?.(model) };
    const { featureCount = 0, exampleRow, libsvmIndexBase: indexBase, ...names } = input;
    const readsRows = algorithm.contentTypes.input.length > 0;
    if (readsRows && featureCount === 0) throw withoutColumns(algorithm);
    const problem = readsRows ? modelInputProblem(input) : undefined;
    if (problem !== undefined) throw new ClientError('E_MODEL', `The rows of the model: ${problem}.`);
    const rows = { ...names, featureCount, indexBase };
    const { serving: settings, variables } = environment;
    const options = { algorithm, model, ...rows, settings, variables, log };
    const invocation = createInvocation(options);
    const row = exampleRow ? Float64Array.from(exampleRow) : new Float64Array(featureCount);
    const { isConcurrent, cheapRows } = readsRows ? await testModel(options, row) : UNTRIED;
    const isForFront = cheapRows > 0 && bytesBelow(environment.paths.model) <= FRONT_MODEL_BYTES;
    const maxProcesses = limitOf(algorithm.servingProcesses?.(model));
    const { batching } = invocation;
    // A model that blocks its thread is asked for one request after the other, unless it says that they are to wait.
    const isBatched = batching !== undefined && (isConcurrent || batching.maxDelayMs > 0);
    const talking = algorithm.converse && (await import('./conversation/converse.js'));
    const converse = talking?.createConverse(algorithm, model, log);
    return { ...invocation, converse, maxProcesses, isConcurrent, isBatched, isForFront, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// --- internal ---

function withoutColumns({ train }: Algorithm): ContractError {
  if (train) {
    const message = 'The manifest of the model must say featureCount, the columns of a row; it has none.';
    return new ClientError('E_MODEL', `${message} Save the model with featureCount.`);
  }
  return new AlgorithmError(
    'E_ALGORITHM',
    'A model package that reads rows must say how many columns a row has: by modelInput, by adoptModel, or in a manifest that writeModel made.',
  );
}

async function testModel(options: InvocationOptions, row: Float64Array): ReturnType<typeof predictOnce> {
  try {
    return await predictOnce(options, row);
  } catch (error) {
    const code = error instanceof ContractError ? error.code : 'E_ALGORITHM';
    throw new AlgorithmError(code, `The model's self-test prediction failed: ${messageOf(error)}`, { cause: error });
  }
}

/** Infinity has no notation in the messages between processes. */
function limitOf(processes: number | undefined): number | undefined {
  return processes === Number.POSITIVE_INFINITY ? undefined : processes;
}

/** Nobody knows an input of the algorithm's own that could be tried. */
const UNTRIED = { isConcurrent: false, cheapRows: 0 };

/** How long an algorithm's `close` may take: the container has 30 s in all to end. */
const CLOSE_MS = 2_000;

async function closeModel(algorithm: Algorithm, model: unknown, log: Log): Promise<void> {
  const timeout = new AbortController();
  try {
    const late = delay(CLOSE_MS, 'late', { signal: timeout.signal, ref: false }).catch(() => undefined);
    if ((await Promise.race([algorithm.close?.(model), late])) === 'late') {
      log.error(`close of ${algorithm.name} takes longer than ${CLOSE_MS / 1000} s; it is not waited for`);
    }
  } catch (error) {
    log.error(`close of ${algorithm.name} failed: ${messageOf(error)}`);
  } finally {
    timeout.abort();
  }
}
