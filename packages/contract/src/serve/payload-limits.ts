/**
 * How large a request may be, and the limits that batch transform gets. Real time: 25 MiB (Marketplace); batch: what
 * the job says, at most 100 MB, and concurrent calls × payload stay within 100 MB (CreateTransformJob).
 */
import type { Algorithm } from '../algorithm.js';
import { PlatformError } from '../errors.js';
import type { ServingSettings } from '../serving-settings.js';

type PayloadSettings = Partial<Pick<ServingSettings, 'isBatch' | 'maxPayloadMb' | 'realTimePayloadMb'>>;

/** What batch transform asks before its first call; see executionParameters. */
export interface ExecutionParameters {
  readonly MaxConcurrentTransforms: number;
  readonly BatchStrategy: 'MULTI_RECORD' | 'SINGLE_RECORD';
  readonly MaxPayloadInMB: number;
}

const MEBIBYTE = 1024 * 1024;
const REAL_TIME_BYTES = 25 * MEBIBYTE;
/** Largest payload of a batch call, and of all concurrent ones together, in the service's MB. */
const BATCH_MB = 100;
/**
 * The payload that batch transform is asked to send, the platform's default. Larger ones cost as much time per row and more
 * memory, and a file of a few of them does not keep all processes busy to its end.
 */
const PREFERRED_MB = 6;
/**
 * A job with MaxPayloadInMB 0 sends files of any size as one request. Those that are answered while they come have no limit
 * (body-stream/stream-plan.ts); of all others text and numbers are in memory side by side, so this is where they end.
 */
export const STREAMED_BYTES = 256 * MEBIBYTE;

/** Largest request body in bytes. @param ownBytes the algorithm's own limit of a real-time call */
export function maxBodyBytes(
  { isBatch, maxPayloadMb, realTimePayloadMb }: PayloadSettings,
  ownBytes = REAL_TIME_BYTES,
): number {
  if (maxPayloadMb === 0) return STREAMED_BYTES;
  if (maxPayloadMb !== undefined) return maxPayloadMb * MEBIBYTE;
  if (isBatch) return BATCH_MB * MEBIBYTE;
  return realTimePayloadMb === undefined ? ownBytes : realTimePayloadMb * MEBIBYTE;
}

/** Such a body is in memory in both processes that have it, as rows, and as their predictions. */
const COPIES = 4;

/** @throws PlatformError for a limit of ALGO_MAX_PAYLOAD_IN_MB that the container's memory does not hold */
export function checkRealTimePayload({ realTimePayloadMb = 0 }: PayloadSettings, memoryBytes: number): void {
  const fitting = Math.floor(memoryBytes / COPIES / MEBIBYTE);
  if (realTimePayloadMb <= fitting) return;
  throw new PlatformError(
    'E_ENVIRONMENT',
    `Variable ALGO_MAX_PAYLOAD_IN_MB must be at most ${fitting}, a quarter of the container's memory; received "${realTimePayloadMb}".`,
  );
}

/** The platform's time limit of a real-time call, and the maximum for a call of batch transform. */
const REAL_TIME_SECONDS = 60;
/**
 * InvocationsTimeoutInSeconds of a transform job is in [1, 3600] and the container does not get it. If it is over
 * earlier, the platform disconnects, and work whose caller has left is stopped (dispatcher.ts).
 */
const BATCH_SECONDS = 3600;

/** What the platform gives a streamed answer from beginning to end (AWS Marketplace, "Service restrictions and quotas"). */
const STREAM_SECONDS = 8 * 60;

/** Milliseconds that a streamed answer may take in all; never less than any other. */
export function streamTimeoutMs(settings: Pick<ServingSettings, 'isBatch' | 'timeoutSeconds'>): number {
  return Math.max(STREAM_SECONDS * 1000, callTimeoutMs(settings));
}

/** Milliseconds that one prediction may take; of a streamed answer, its first part. */
export function callTimeoutMs({
  isBatch,
  timeoutSeconds,
}: Pick<ServingSettings, 'isBatch' | 'timeoutSeconds'>): number {
  return (timeoutSeconds ?? (isBatch ? BATCH_SECONDS : REAL_TIME_SECONDS)) * 1000;
}

/** Several rows of a format go into one request; of an input of the algorithm's own each is a document by itself. */
export function batchStrategyOf({
  contentTypes,
}: Pick<Algorithm, 'contentTypes'>): ExecutionParameters['BatchStrategy'] {
  return contentTypes.input.length > 0 ? 'MULTI_RECORD' : 'SINGLE_RECORD';
}

/**
 * The answer of /execution-parameters: one concurrent call per process, and a payload within the limits.
 * What the job itself says wins on the platform, so it is repeated here and the other value is chosen to go with it.
 */
export function executionParameters(
  { maxPayloadMb, maxConcurrentTransforms }: Pick<ServingSettings, 'maxPayloadMb' | 'maxConcurrentTransforms'>,
  processes: number,
  BatchStrategy: ExecutionParameters['BatchStrategy'],
): ExecutionParameters {
  const given = maxConcurrentTransforms || undefined; // 0 leaves the choice to us
  const most = Math.min(given ?? processes, BATCH_MB);
  const MaxPayloadInMB = maxPayloadMb ?? Math.min(PREFERRED_MB, Math.floor(BATCH_MB / most));
  const MaxConcurrentTransforms = given ?? Math.min(most, Math.floor(BATCH_MB / Math.max(1, MaxPayloadInMB)));
  return { MaxConcurrentTransforms, BatchStrategy, MaxPayloadInMB };
}
