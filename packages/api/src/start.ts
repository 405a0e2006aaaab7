/** Starts the API: the data folder, the jobs in it, and the server over them. */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { ACCOUNT_ID } from './account.js';
import { killOrphans } from './jobs/orphans.js';
import type { Programs } from './jobs/programs.js';
import { startScheduler } from './jobs/scheduler.js';
import type { ObjectStore } from './object-store.js';
import type { SageMaker } from './sagemaker/context.js';
import { sageMakerService } from './sagemaker/service.js';
import { trainingJobKind } from './sagemaker/training-job-run.js';
import { TRAINING_JOB } from './sagemaker/training-job-state.js';
import { startHttpServer } from './server/http-server.js';
import { openStore } from './store/store.js';

export interface ApiOptions {
  /** Gets everything: the database, objects, folders of jobs. One server at a time has it. */
  readonly dataFolder: string;
  /** Which programs image names mean. */
  readonly programs: Programs;
  readonly objects: ObjectStore;
  /** 0, the default, chooses a free one. */
  readonly port?: number;
  /** Default us-east-1. */
  readonly region?: string;
  /** Jobs that run at a time, the others wait; default: the number of this machine's processors. */
  readonly concurrency?: number;
  /** Instances that jobs may use at a time, by instance type; default: no limits. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** Between SIGTERM and SIGKILL of a job that is stopped; default: the platform's times. */
  readonly stopGraceMs?: number;
  /** Hears of mistakes of this package: a client got InternalFailure, or a job failed by one. */
  readonly onError?: (error: unknown) => void;
}

export interface Api {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  /** Ends the jobs that run, which are then Failed, and frees the data folder. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_REGION = 'us-east-1';
/** What a job may take to end when the server does; then it is killed. */
const CLOSE_GRACE_MS = 5000;

/**
 * Jobs that ran when the last server was killed are Failed afterwards; those that waited begin.
 * @throws ArgumentError when another server has the data folder
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const dataFolder = resolve(options.dataFolder);
  mkdirSync(dataFolder, { recursive: true });
  const store = openStore(dataFolder);
  const workFolder = join(dataFolder, 'jobs');
  const onError = options.onError ?? (() => undefined);
  try {
    killOrphans(workFolder);
    const sageMaker: SageMaker = {
      account: { id: ACCOUNT_ID, region: options.region ?? DEFAULT_REGION },
      store,
      objects: options.objects,
      programs: options.programs,
      workFolder,
      quotas: options.quotas ?? {},
      stopGraceMs: options.stopGraceMs,
    };
    const scheduler = startScheduler({
      store,
      kinds: { [TRAINING_JOB]: trainingJobKind(sageMaker) },
      concurrency: options.concurrency ?? availableParallelism(),
      onError,
    });
    const server = await startHttpServer({
      services: [sageMakerService({ ...sageMaker, scheduler })],
      port: options.port ?? 0,
      host: LOOPBACK,
      hosts: new Set(),
      onError,
    });
    return {
      url: server.url,
      async close() {
        const timer = setTimeout(() => killOrphans(workFolder), CLOSE_GRACE_MS);
        await Promise.all([server.close(), scheduler.close()]);
        clearTimeout(timer);
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
