/** How a transform job has sent its requests: what it does not set, its container does. The service logs both at its end. */
import type { LogLine } from './state.js';

export interface TransformParameters {
  readonly maxConcurrentTransforms: string;
  readonly maxPayloadInMB: string;
  readonly batchStrategy: string;
}

/** Undefined as long as it has not been logged. */
export function usedByTransform(lines: readonly LogLine[]): TransformParameters | undefined {
  const found = lines.findLast(({ text }) => SETTLED.test(text));
  const [, maxConcurrentTransforms, maxPayloadInMB, strategy] = SETTLED.exec(found?.text ?? '') ?? [];
  if (maxConcurrentTransforms === undefined || maxPayloadInMB === undefined) return undefined;
  const batchStrategy = strategy === 'SINGLE_RECORD' ? 'SingleRecord' : 'MultiRecord';
  return { maxConcurrentTransforms, maxPayloadInMB, batchStrategy };
}

// --- internal ---

const SETTLED = /:\[sagemaker logs\]: MaxConcurrentTransforms=(\d+), MaxPayloadInMB=(\d+), BatchStrategy=(\w+)$/;
