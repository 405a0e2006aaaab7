/** The logs of a training job in CloudWatch: a stream for each host, `JOB/algo-1-SECONDS`, and the metrics of all of them. */
import type { LogStream } from '../../store/logs.js';
import type { SageMaker } from '../resources/context.js';

export const TRAINING_LOG_GROUP = '/aws/sagemaker/TrainingJobs';

export interface HostLogs {
  /** Also takes metrics. */
  readonly first: LogStream;
  /** Opened with its first line. @param host `algo-2`; undefined where there is one */
  of(host: string | undefined): LogStream;
  close(): void;
}

/** @param name of the job */
export function openHostLogs(sageMaker: SageMaker, name: string): HostLogs {
  const started = Math.floor(Date.now() / 1000);
  const metrics = { namespace: TRAINING_LOG_GROUP, resource: name };
  const open = (host: string) =>
    sageMaker.store.logs.open(TRAINING_LOG_GROUP, `${name}/${host}-${started}`, metrics, () =>
      sageMaker.watch.changed(name),
    );
  const first = open(FIRST_HOST);
  const logs = new Map([[FIRST_HOST, first]]);
  return {
    first,
    of(host = FIRST_HOST) {
      const log = logs.get(host) ?? open(host);
      logs.set(host, log);
      return log;
    },
    close() {
      for (const log of logs.values()) log.close();
    },
  };
}

// --- internal ---

const FIRST_HOST = 'algo-1';
