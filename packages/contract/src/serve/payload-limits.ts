/**
 * How large a request may be, and what batch transform is told about it. Real time: 25 MiB (Marketplace); batch: what
 * the job says, at most 100 MB, and concurrent calls × payload stay within 100 MB (CreateTransformJob).
 */
import type { ServingSettings } from '../environment.js';
import type { ExecutionParameters } from './router.js';

const MEBIBYTE = 1024 * 1024;
const REAL_TIME_BYTES = 25 * MEBIBYTE;
/** Largest payload of a batch call, and of all concurrent ones together, in the service's MB. */
const BATCH_MB = 100;
/**
 * A job with MaxPayloadInMB 0 streams files of any size as one request. A request is answered from memory, text and
 * numbers side by side, so this is where it ends; split larger files by line.
 */
const STREAMED_BYTES = 256 * MEBIBYTE;

type PayloadSettings = Pick<ServingSettings, 'isBatch' | 'maxPayloadMb'>;

/** Largest request body in bytes. @param realTimeBytes the algorithm's own limit */
export function maxBodyBytes({ isBatch, maxPayloadMb }: PayloadSettings, realTimeBytes = REAL_TIME_BYTES): number {
  if (maxPayloadMb === 0) return STREAMED_BYTES;
  if (maxPayloadMb !== undefined) return maxPayloadMb * MEBIBYTE;
  return isBatch ? BATCH_MB * MEBIBYTE : realTimeBytes;
}

/** The answer of /execution-parameters: as many calls at once as there are processes, the largest payload that allows. */
export function executionParameters({ maxPayloadMb }: PayloadSettings, processes: number): ExecutionParameters {
  const most = Math.min(processes, BATCH_MB);
  const MaxPayloadInMB = maxPayloadMb ?? Math.floor(BATCH_MB / most);
  const MaxConcurrentTransforms = Math.min(most, Math.floor(BATCH_MB / Math.max(1, MaxPayloadInMB)));
  return { MaxConcurrentTransforms, BatchStrategy: 'MULTI_RECORD', MaxPayloadInMB };
}
