/** What every resource of SageMaker works with. */
import { type Account, sageMakerArn } from '../../account.js';
import type { ClearFolder } from '../../jobs/job-folders.js';
import type { Programs } from '../../jobs/programs.js';
import type { Scheduler } from '../../jobs/scheduler.js';
import type { SpotInstances } from '../../jobs/spot-instances.js';
import type { StartMarks } from '../../jobs/start-marks.js';
import type { TrainingJobWatch } from '../../jobs/training-job-watch.js';
import type { ObjectStore } from '../../object-store.js';
import { ServiceError } from '../../service-error.js';
import type { StoredRecord } from '../../store/record.js';
import type { Store } from '../../store/store.js';
import { checkTagKeys, type Tag } from '../../store/tags.js';

export interface SageMaker {
  readonly account: Account;
  readonly store: Store;
  readonly objects: ObjectStore;
  readonly programs: Programs;
  /** For folders of running jobs. */
  readonly workFolder: string;
  /** Removes such a folder. */
  readonly clearFolder: ClearFolder;
  /** Of the jobs that run. */
  readonly marks: StartMarks;
  /** Jobs that run as a part of another's work, a validation's, by kind and name: StopTrainingJob aborts them. */
  readonly parts: Map<string, AbortController>;
  /** Of jobs of managed spot training. */
  readonly spot: SpotInstances;
  /** Instances that jobs may use at a time, by instance type. A type that is not named has no limit. */
  readonly quotas: Readonly<Record<string, number>>;
  /** Between SIGTERM and SIGKILL of a job; undefined: the platform's times. */
  readonly stopGraceMs: number | undefined;
  /** Aborts when the server is closed. */
  readonly closing: AbortSignal;
  /** Hears of training jobs that have ended or written a metric. */
  readonly watch: TrainingJobWatch;
}

/** With the scheduler, which itself needs a context. */
export interface RunningSageMaker extends SageMaker {
  readonly scheduler: Scheduler;
}

let newest = 0;

/**
 * Seconds since 1970, as the API gives times. No two are equal, so that what is made later is listed later: within a
 * millisecond they differ by microseconds.
 */
export function now(): number {
  newest = Math.max(Date.now() / 1000, newest + 1e-6);
  return newest;
}

export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

export interface NewRecord<Body> {
  readonly kind: string;
  readonly name: string;
  readonly status?: string;
  readonly created: number;
  readonly body: Body;
  readonly tags?: readonly Tag[] | undefined;
}

/**
 * Makes a resource with its tags, in a transaction of the caller's.
 * @param conflict the error when there is one of that name
 * @returns its ARN
 */
export function createRecord<Body extends object>(
  { store, account }: SageMaker,
  { kind, name, status = '', created, body, tags = [] }: NewRecord<Body>,
  conflict: (arn: string) => ServiceError,
): string {
  checkTagKeys(tags, validationError);
  const arn = sageMakerArn(account, kind, name);
  if (!store.records.insert({ kind, name, arn, status, created, modified: created, body })) throw conflict(arn);
  store.tags.set(arn, tags);
  return arn;
}

/**
 * @param arnOrName as a request names it
 * @param missing the error when there is none
 */
export function findRecord<Body>(
  { store, account }: SageMaker,
  kind: string,
  arnOrName: string,
  missing: (arn: string) => ServiceError,
): StoredRecord<Body> {
  const isArn = arnOrName.startsWith('arn:');
  const record = isArn ? store.records.findByArn(arnOrName) : store.records.find(kind, arnOrName);
  if (record?.kind === kind) return record as StoredRecord<Body>;
  throw missing(isArn ? arnOrName : sageMakerArn(account, kind, arnOrName));
}

/** Removes a resource with its tags, in one transaction. */
export function removeRecord({ store }: SageMaker, { kind, name, arn }: StoredRecord<unknown>): void {
  store.transaction(() => {
    store.records.remove(kind, name);
    store.tags.removeAll(arn);
  });
}

/** @throws ServiceError ConflictException while a resource is being validated */
export function requireSettled({ arn, status }: StoredRecord<unknown>): void {
  if (status !== 'Pending' && status !== 'InProgress') return;
  throw new ServiceError('ConflictException', `${arn} is in status ${status}: wait for the end of its validation.`);
}
