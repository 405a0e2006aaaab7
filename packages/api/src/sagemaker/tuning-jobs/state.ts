/** The states of a tuning job: InProgress, Stopping, and an end. */

import { isEnd } from '../../jobs/job-status.js';
import type { StoredRecord } from '../../store/record.js';
import { now, type SageMaker } from '../resources/context.js';
import { TUNING_JOB, type TuningJobBody, type TuningJobStatus } from './shapes.js';

/** The tuning job as it is now; undefined when it has been deleted. */
export function findTuningJob({ store }: SageMaker, name: string): StoredRecord<TuningJobBody> | undefined {
  return store.records.find<TuningJobBody>(TUNING_JOB, name);
}

/** Saves a tuning job with its next status, in a transaction of the caller's. */
export function saveTuningJob(
  { store }: SageMaker,
  job: StoredRecord<TuningJobBody>,
  status: TuningJobStatus,
  changes: Partial<Pick<TuningJobBody, 'launched' | 'isComplete' | 'convergedAt'>> = {},
  failureReason?: string,
): void {
  const time = now();
  const body: TuningJobBody = {
    ...job.body,
    ...changes,
    described: {
      ...job.body.described,
      HyperParameterTuningJobStatus: status,
      LastModifiedTime: time,
      ...(isEnd(status) && { HyperParameterTuningEndTime: time }),
      ...(failureReason !== undefined && { FailureReason: failureReason }),
    },
  };
  store.records.update({ ...job, status, modified: time, body });
}
