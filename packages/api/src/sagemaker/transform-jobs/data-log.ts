/**
 * What the service itself logs of a transform job, in a stream of its own: the settled parameters, and
 * why files failed. Sources: AWS guide, "Log groups and streams"; logs of jobs that users show.
 *
 *   2026-01-02T03:04:05.678:[sagemaker logs]: MaxConcurrentTransforms=1, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD
 */
import type { TransformJobResult } from '@algo/local';

/** The stream's name behind that of the instance. */
export const DATA_LOG = 'data-log';

/** Lines of a job that has ended; none when its server never became healthy. */
export function dataLog({ parameters, files }: TransformJobResult, time: Date): readonly string[] {
  if (!parameters) return [];
  const { maxConcurrentTransforms, maxPayloadInMB, batchStrategy } = parameters;
  const strategy = batchStrategy === 'SingleRecord' ? 'SINGLE_RECORD' : 'MULTI_RECORD';
  const settled = `MaxConcurrentTransforms=${maxConcurrentTransforms}, MaxPayloadInMB=${maxPayloadInMB}, BatchStrategy=${strategy}`;
  const failures = files.flatMap(({ error }) => error?.split('\n') ?? []);
  return [settled, ...failures].map((line) => `${time.toISOString().slice(0, -1)}:[sagemaker logs]: ${line}`);
}
