/**
 * A batch transform from request to output files, as the platform runs it: start `serve` with SAGEMAKER_BATCH, wait for
 * /ping, settle the execution parameters, send every input file, stop the server. A file that fails has no output
 * (one of an earlier job stays); the others continue, and the job ends Failed. Source: AWS guide "Use Your Own
 * Inference Code with Batch Transform".
 */
import { join } from 'node:path';
import {
  batchVariables,
  type ExecutionParameters,
  settleExecutionParameters,
} from '../endpoint/execution-parameters.js';
import { ArgumentError, isDataError, messageOf } from '../errors.js';
import { checkOutside, type TreeFile } from '../files/file-tree.js';
import { prepareOutput } from '../files/folder.js';
import { listInput } from '../files/input-files.js';
import { createDataProcessor } from './data-processing.js';
import { createInferenceIds } from './inference-ids.js';
import { createSemaphore } from './semaphore.js';
import { type TransformContext, type TransformedFile, transformFile } from './transform-file.js';
import { checkTransformRequest, type TransformJobRequest } from './transform-request.js';
import { startServers, type TransformServers } from './transform-servers.js';

export interface TransformJobResult {
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  readonly failureReason?: string;
  /** Of a Failed job: ClientError when the first cause is a file's data, or what the server says of it with a 4xx. */
  readonly failureClass?: 'ClientError' | 'AlgorithmError';
  /** As settled; absent when the server never became healthy. */
  readonly parameters?: ExecutionParameters;
  readonly files: readonly TransformFileResult[];
  /** Records sent and answered, in files that were split. */
  readonly records: number;
  readonly requests: number;
  readonly seconds: number;
  readonly logFile: string;
}

export interface TransformFileResult {
  /** Path below the input. */
  readonly input: string;
  /** The file written; absent for a file that failed. */
  readonly output?: string;
  readonly records?: number;
  readonly error?: string;
}

const INVOCATIONS_TIMEOUT_SECONDS = 600;
const INVOCATIONS_MAX_RETRIES = 3;
const RETRY_DELAY_MS = 1000;

/**
 * Runs a job to its end. A job that fails is a result; only what CreateTransformJob would refuse is thrown.
 * @throws ArgumentError for a missing path or a value over the service's limits
 */
export async function runTransformJob(request: TransformJobRequest): Promise<TransformJobResult> {
  checkTransformRequest(request);
  const processor = createDataProcessor(request);
  const identify = request.hasInferenceIds ? createInferenceIds(request, request.started ?? new Date()) : undefined;
  const inputs = listInput(request.input, request.dataType, 'Transform input').filter((file) => file.bytes > 0);
  checkOutside(request.outputDirectory, request.input, 'Transform input');
  if (inputs.length === 0) throw new ArgumentError(`Transform input ${request.input} has no files with content.`);
  prepareOutput(request.outputDirectory, 'Output folder');
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const requested = requestedParameters(request);
  const { logFile } = request;

  let servers: TransformServers | undefined;
  try {
    servers = request.servers ?? (await startServers(request, batchVariables(requested)));
    const parameters = await settleExecutionParameters(servers.client, requested);
    const results = await transformAll(inputs, servers, parameters, { processor, identify }, request);
    return { ...summarize(results, request), parameters, seconds: seconds(), logFile };
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    const nothing = { files: [], records: 0, requests: 0, seconds: seconds(), logFile };
    if (request.stop?.aborted) return { status: 'Stopped', ...nothing };
    return { status: 'Failed', failureReason: messageOf(error), failureClass: 'AlgorithmError', ...nothing };
  } finally {
    if (!request.servers) await servers?.stop();
  }
}

// --- internal ---

type FileOutcome = TransformFileResult & { readonly requests: number; readonly isDataProblem?: boolean };

function requestedParameters(request: TransformJobRequest): Partial<ExecutionParameters> {
  const { maxConcurrentTransforms, batchStrategy, maxPayloadInMB } = request;
  return {
    ...(maxConcurrentTransforms !== undefined && { maxConcurrentTransforms }),
    ...(batchStrategy !== undefined && { batchStrategy }),
    ...(maxPayloadInMB !== undefined && { maxPayloadInMB }),
  };
}

function outputPath(request: TransformJobRequest, file: TreeFile): string {
  return join(request.outputDirectory, `${file.key}.out`);
}

async function transformAll(
  inputs: readonly TreeFile[],
  servers: TransformServers,
  parameters: ExecutionParameters,
  changes: Pick<TransformContext, 'processor' | 'identify'>,
  request: TransformJobRequest,
): Promise<readonly FileOutcome[]> {
  const ending = new AbortController();
  void servers.ended.then((error) => ending.abort(error));
  const signal = request.stop ? AbortSignal.any([ending.signal, request.stop]) : ending.signal;
  const progress = createProgress(inputs, request);
  const context: TransformContext = {
    client: servers.client,
    parameters,
    slots: createSemaphore(parameters.maxConcurrentTransforms),
    splitType: request.splitType ?? 'None',
    assembleWith: request.assembleWith ?? 'None',
    ...changes,
    contentType: request.contentType,
    accept: request.accept,
    isGzip: request.compressionType === 'Gzip',
    timeoutMs: (request.invocationsTimeoutInSeconds ?? INVOCATIONS_TIMEOUT_SECONDS) * 1000,
    retry: {
      maxRetries: request.invocationsMaxRetries ?? INVOCATIONS_MAX_RETRIES,
      delayMs: request.retryDelayMs ?? RETRY_DELAY_MS,
    },
    signal,
    onAnswer: progress.answered,
  };
  const transform = async (file: TreeFile): Promise<FileOutcome> => {
    const output = outputPath(request, file);
    try {
      signal.throwIfAborted();
      const done: TransformedFile = await transformFile(file, output, context);
      const records = done.records === undefined ? {} : { records: done.records };
      return { input: file.key, output, requests: done.requests, ...records };
    } catch (error) {
      const cause = signal.aborted ? signal.reason : error;
      return { input: file.key, requests: 0, error: messageOf(cause), isDataProblem: isDataError(cause) };
    } finally {
      progress.fileDone();
    }
  };
  return runInOrder(inputs, parameters.maxConcurrentTransforms, transform);
}

/** At most `limit` at a time, begun in order; the results are in the order of the inputs. */
async function runInOrder<T, R>(inputs: readonly T[], limit: number, run: (input: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < inputs.length; i = next++) results[i] = await run(inputs[i]!);
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, worker));
  return results;
}

function createProgress(inputs: readonly TreeFile[], request: TransformJobRequest) {
  const bytes = inputs.reduce((sum, file) => sum + file.bytes, 0);
  let filesDone = 0;
  let records = 0;
  let bytesSent = 0;
  const emit = () => {
    request.onEvent?.({ type: 'transform-progress', filesDone, files: inputs.length, records, bytesSent, bytes });
  };
  return {
    answered(recordCount: number, byteCount: number) {
      records += recordCount;
      bytesSent += byteCount;
      emit();
    },
    fileDone() {
      filesDone++;
      emit();
    },
  };
}

function summarize(outcomes: readonly FileOutcome[], request: TransformJobRequest) {
  const files = outcomes.map(({ requests: _, isDataProblem: __, ...file }) => file);
  const totals = {
    files,
    records: outcomes.reduce((sum, file) => sum + (file.records ?? 0), 0),
    requests: outcomes.reduce((sum, file) => sum + file.requests, 0),
  };
  if (request.stop?.aborted) return { status: 'Stopped', ...totals } as const;
  const failed = outcomes.filter((file) => file.error !== undefined);
  if (failed.length === 0) return { status: 'Completed', ...totals } as const;
  const count = failed.length === files.length ? 'Every input file' : `${failed.length} of ${files.length} input files`;
  const failureReason = `${count} failed; the first cause: ${failed[0]!.error}`;
  const failureClass = failed[0]!.isDataProblem ? 'ClientError' : 'AlgorithmError';
  return { status: 'Failed', failureReason, failureClass, ...totals } as const;
}
