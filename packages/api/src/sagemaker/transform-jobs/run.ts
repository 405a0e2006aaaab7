/** Runs a transform job that the scheduler has started: objects in, `.out` objects out, by @algo/local. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTransformJob, type ServerRequest, type TransformJobResult } from '@algo/local';
import { failureOf, failureReason, SERVER_STOPPED } from '../../jobs/failure.js';
import { InputError, type S3DataType, stageInput } from '../../jobs/input-data.js';
import { isEnd } from '../../jobs/job-status.js';
import type { JobKind } from '../../jobs/scheduler.js';
import { type ObjectStore, parseS3Uri, s3UriBelow } from '../../object-store.js';
import type { LogStream } from '../../store/logs.js';
import { defineModel, openServedModel, type ServedContainer } from '../models/served.js';
import { now, type SageMaker } from '../resources/context.js';
import { captureData } from './data-capture.js';
import { DATA_LOG, dataLog } from './data-log.js';
import { processedData, type TransformJobBody, type TransformJobMembers } from './shapes.js';

export const TRANSFORM_JOB = 'transform-job';
export const TRANSFORM_LOG_GROUP = '/aws/sagemaker/TransformJobs';

export function transformJobKind(sageMaker: SageMaker): JobKind {
  return {
    async run(name, signal) {
      const record = sageMaker.store.records.find<TransformJobBody>(TRANSFORM_JOB, name);
      if (!record) return () => undefined;
      const folder = join(sageMaker.workFolder, TRANSFORM_JOB, name);
      await sageMaker.clearFolder(folder);
      try {
        const { result, started } = await runInFolder(sageMaker, record.body, folder, signal);
        if (sageMaker.closing.aborted) return () => abandonJob(sageMaker, name, SERVER_STOPPED);
        await uploadOutputs(sageMaker.objects, record.body, join(folder, 'output'));
        const { status } = result;
        const files = result.files.map(({ input }) => input);
        if (status === 'Completed') await captureData(sageMaker.objects, record.body, files, started);
        const reason = result.failureReason && `${result.failureClass}: ${result.failureReason}`;
        const FailureReason = reason && failureReason(sageMaker, reason); // while its folder is there
        return () =>
          changeTransformJob(sageMaker, name, {
            TransformJobStatus: status,
            ...(FailureReason !== undefined && { FailureReason }),
          });
      } catch (error) {
        if (sageMaker.closing.aborted) return () => abandonJob(sageMaker, name, SERVER_STOPPED);
        const FailureReason = failureReason(sageMaker, failureOf(error));
        return () => changeTransformJob(sageMaker, name, { TransformJobStatus: 'Failed', FailureReason });
      } finally {
        await sageMaker.clearFolder(folder);
      }
    },
    abandon: (name, cause) => abandonJob(sageMaker, name, cause),
    requeue: (name) => beginAgain(sageMaker, name),
  };
}

/** Sets members of a job that has not ended; a status that is an end gets its time. In a transaction of the caller's. */
export function changeTransformJob({ store }: SageMaker, name: string, changes: Partial<TransformJobBody>): void {
  const record = store.records.find<TransformJobBody>(TRANSFORM_JOB, name);
  if (!record || isEnd(record.status)) return;
  const status = changes.TransformJobStatus ?? record.body.TransformJobStatus;
  const time = now();
  const body = { ...record.body, ...changes, ...(isEnd(status) && { TransformEndTime: time }) };
  store.records.update({ ...record, status, modified: time, body });
}

// --- internal ---

/** Stopped would say that what had been answered is kept. */
function abandonJob(sageMaker: SageMaker, name: string, cause: string): void {
  const { status, body } = sageMaker.store.records.find<TransformJobBody>(TRANSFORM_JOB, name) ?? {};
  const hasRun = body?.TransformStartTime !== undefined;
  changeTransformJob(
    sageMaker,
    name,
    status === 'Stopping' && !hasRun
      ? { TransformJobStatus: 'Stopped' }
      : { TransformJobStatus: 'Failed', FailureReason: failureReason(sageMaker, `InternalServerError: ${cause}`) },
  );
}

/** Sets a job back to what it was before it began; false when it is being stopped, or is not there. */
function beginAgain({ store }: SageMaker, name: string): boolean {
  const record = store.records.find<TransformJobBody>(TRANSFORM_JOB, name);
  if (record?.status !== 'InProgress') return false;
  const { TransformStartTime: _, ...body } = record.body;
  store.records.update({ ...record, modified: now(), body });
  return true;
}

async function runInFolder(
  sageMaker: SageMaker,
  job: TransformJobBody,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly result: TransformJobResult; readonly started: Date }> {
  const name = job.TransformJobName;
  const { S3DataType, S3Uri } = job.TransformInput.DataSource.S3DataSource;
  const input = await stageInput(sageMaker.objects, S3DataType as S3DataType, S3Uri, join(folder, 'objects'));
  const model = job.Model ?? defineModel(sageMaker, job.ModelName);
  const served = await openServedModel(sageMaker, model, join(folder, 'model'));
  const stream = `${name}/i-${Math.floor(Date.now() / 1000).toString(16)}`;
  const logs: LogStream[] = [];
  const openLog = (streamName: string): LogStream => {
    const log = sageMaker.store.logs.open(TRANSFORM_LOG_GROUP, streamName, {
      namespace: TRANSFORM_LOG_GROUP,
      resource: name,
    });
    logs.push(log);
    return log;
  };
  const server = (container: ServedContainer, i: number): ServerRequest => {
    const streamOfOwn = served.containers.length === 1 ? stream : `${stream}/${container.name}`;
    const log = openLog(streamOfOwn);
    return {
      program: container.program,
      model: container.model,
      environment: { ...container.environment, ...job.Environment },
      workDirectory: join(folder, `container-${i}`),
      logFile: join(folder, `log-${i}.txt`),
      startMark: sageMaker.marks.place({ kind: TRANSFORM_JOB, name }),
      stopGraceMs: sageMaker.stopGraceMs,
      stop: signal,
      onEvent: (event) => event.type === 'log' && log.write(event.line),
    };
  };
  try {
    const TransformStartTime = now();
    const started = new Date(TransformStartTime * 1000);
    sageMaker.store.transaction(() => changeTransformJob(sageMaker, name, { TransformStartTime }));
    const [first, ...nextServers] = served.containers.map(server);
    const result = await runTransformJob({
      ...settingsOf(job),
      ...first!,
      ...{ nextServers, input, started, outputDirectory: join(folder, 'output') },
      dataType: S3DataType === 'ManifestFile' ? S3DataType : undefined,
    });
    const lines = dataLog(result, new Date());
    if (lines.length > 0) {
      const log = openLog(`${stream}/${DATA_LOG}`);
      for (const line of lines) log.write(line);
    }
    return { result, started };
  } finally {
    for (const log of logs) log.close();
    await served.close();
  }
}

function settingsOf(job: TransformJobMembers) {
  const { ModelClientConfig = {} } = job;
  return {
    ...processedData(job),
    compressionType: job.TransformInput.CompressionType,
    batchStrategy: job.BatchStrategy,
    maxPayloadInMB: job.MaxPayloadInMB,
    maxConcurrentTransforms: job.MaxConcurrentTransforms || undefined,
    invocationsTimeoutInSeconds: ModelClientConfig.InvocationsTimeoutInSeconds,
    invocationsMaxRetries: ModelClientConfig.InvocationsMaxRetries,
  };
}

/** `<S3OutputPath>/<key below the input's prefix>.out`; outputs of a job that failed or was stopped are kept as well. */
async function uploadOutputs(
  objects: ObjectStore,
  { TransformOutput }: TransformJobMembers,
  folder: string,
): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const place = parseS3Uri(s3UriBelow(TransformOutput.S3OutputPath, path.slice(folder.length + 1)));
    if (!place) throw new InputError(`The output must be s3://BUCKET/KEY; it is "${TransformOutput.S3OutputPath}".`);
    await objects.put(place.bucket, place.key, path);
  }
}
