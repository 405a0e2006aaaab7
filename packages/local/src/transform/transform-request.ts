/**
 * What a batch transform is asked to do, in the terms of CreateTransformJob, and the limits which that call enforces.
 * Sources: botocore shapes TransformInput, TransformOutput, ModelClientConfig, TransformEnvironmentMap.
 */

import { type BatchStrategy, MAX_IN_FLIGHT_MB } from '../endpoint/execution-parameters.js';
import type { ServerRequest } from '../endpoint/server-request.js';
import { ArgumentError } from '../errors.js';
import type { InputDataType } from '../files/input-files.js';
import type { ProcessedData } from './data-processing-rules.js';
import type { TransformServers } from './transform-servers.js';

export interface TransformJobRequest extends ServerRequest, ProcessedData {
  /** Of a pipeline: the servers after this one, each of which gets the answer of the one before it. */
  readonly nextServers?: readonly ServerRequest[] | undefined;
  /** Running already with the variables of batch transforms; default: the job's own, which it starts and stops. */
  readonly servers?: TransformServers | undefined;
  /** A file, a folder with everything in it, or a manifest. */
  readonly input: string;
  /** `ManifestFile`: `input` is a manifest; default S3Prefix, a file or folder. */
  readonly dataType?: InputDataType | undefined;
  /** `Gzip`: files are unpacked before they are sent. */
  readonly compressionType?: 'None' | 'Gzip' | undefined;
  readonly batchStrategy?: BatchStrategy | undefined;
  /** For inference ids; default: now. */
  readonly started?: Date | undefined;
  /** 0 to 100; 0 sends a whole file in chunks, of any size. */
  readonly maxPayloadInMB?: number | undefined;
  readonly maxConcurrentTransforms?: number | undefined;
  /** 1 to 3600, default 600. */
  readonly invocationsTimeoutInSeconds?: number | undefined;
  /** 0 to 3, default 3. */
  readonly invocationsMaxRetries?: number | undefined;
  /** Gets one `.out` file for each input file, under the same key. */
  readonly outputDirectory: string;
  /** Before the first retry; default 1 s. */
  readonly retryDelayMs?: number | undefined;
}

/** @throws ArgumentError for the first limit of CreateTransformJob that the request breaks */
export function checkTransformRequest(request: TransformJobRequest): void {
  checkInteger('MaxPayloadInMB', request.maxPayloadInMB, 0, MAX_IN_FLIGHT_MB);
  checkInteger('MaxConcurrentTransforms', request.maxConcurrentTransforms, 0, MAX_IN_FLIGHT_MB);
  checkInteger('InvocationsTimeoutInSeconds', request.invocationsTimeoutInSeconds, 1, 3600);
  checkInteger('InvocationsMaxRetries', request.invocationsMaxRetries, 0, 3);
  const [concurrency, payload] = [request.maxConcurrentTransforms ?? 1, request.maxPayloadInMB ?? 0];
  if (concurrency * payload > MAX_IN_FLIGHT_MB) {
    throw new ArgumentError(
      `MaxConcurrentTransforms × MaxPayloadInMB must be at most ${MAX_IN_FLIGHT_MB} MB; received ${concurrency} × ${payload}.`,
    );
  }
  const entries = Object.keys(request.environment ?? {}).length;
  if (entries > 16) throw new ArgumentError(`A transform job takes at most 16 variables; received ${entries}.`);
  if (request.batchStrategy === 'SingleRecord' && (request.splitType ?? 'None') === 'None') {
    throw new ArgumentError('BatchStrategy SingleRecord needs a SplitType; received None.');
  }
  if (request.assembleWith === 'Line' && request.splitType === 'RecordIO') {
    throw new ArgumentError('SplitType RecordIO needs AssembleWith None; received Line.');
  }
}

// --- internal ---

function checkInteger(name: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return;
  throw new ArgumentError(`${name} must be an integer in [${low}, ${high}]; received ${value}.`);
}
