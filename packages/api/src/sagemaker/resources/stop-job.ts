/** Stopping a job of any kind, also one that has not begun, in one transaction with its status. */
import { keyOf, type WorkUnit } from '../../store/work-list.js';
import { type RunningSageMaker, validationError } from './context.js';

export interface StoppableJob {
  /** In the service's sentence, e.g. `training job`. */
  readonly what: string;
  /** @throws ServiceError when there is no such job */
  status(): string;
  /** Records the status Stopping. */
  stopping(): void;
  /** Records the end. */
  stopped(): void;
}

/** @throws ServiceError ValidationException when the job has ended */
export function stopJob({ store, scheduler, parts }: RunningSageMaker, unit: WorkUnit, job: StoppableJob): void {
  const part = parts.get(keyOf(unit));
  store.transaction(() => {
    const status = job.status();
    if (status === 'Stopping') return;
    if (status !== 'InProgress') {
      throw validationError(`The request was rejected because the ${job.what} is in status ${status}.`);
    }
    job.stopping();
    if (scheduler.isRunning(unit) || part) return;
    // It has not begun: it ends here, and leaves the list before the scheduler can take it.
    store.work.remove(unit);
    job.stopped();
  });
  scheduler.stop(unit);
  part?.abort();
}
