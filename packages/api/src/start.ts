/** Starts the API: the data folder, the jobs in it, and the server over them. */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { prepareOutput } from '@algo/local';
import { ACCOUNT_ID, type Account } from './account.js';
import { autoscalingService } from './autoscaling/autoscaling-service.js';
import { catalogService } from './catalog/catalog-service.js';
import { startChangeSets } from './catalog/change-sets.js';
import { createConsole } from './console/service.js';
import { ecrService } from './ecr/ecr-service.js';
import { iamService } from './iam/iam.js';
import { openClearFolder } from './jobs/job-folders.js';
import { claimContainers, killOrphans, type OwnContainers } from './jobs/orphans.js';
import type { Programs } from './jobs/programs.js';
import { startScheduler } from './jobs/scheduler.js';
import { createSpotInstances } from './jobs/spot-instances.js';
import { openStartMarks } from './jobs/start-marks.js';
import { createTrainingJobWatch } from './jobs/training-job-watch.js';
import { logsService } from './logs/logs-service.js';
import { metricsServices } from './metrics/metrics-service.js';
import { openAuthority } from './proxy/authority.js';
import { createAwsProxy } from './proxy/aws-proxy.js';
import { proxiesOf } from './proxy/own-proxy.js';
import { openRegistry } from './registry/registry.js';
import { registryPrograms } from './registry/registry-programs.js';
import { registryService } from './registry/registry-service.js';
import { ASYNC_INVOCATION, asyncInvocationKind } from './runtime/async-run.js';
import { bidirectionalService } from './runtime/bidirectional/service.js';
import { runtimeService } from './runtime/service.js';
import { createS3 } from './s3/s3.js';
import { s3Service } from './s3/service.js';
import { startHosting } from './sagemaker/endpoints/hosting.js';
import type { SageMaker } from './sagemaker/resources/context.js';
import { jobKinds, sageMakerService } from './sagemaker/service.js';
import { spotService } from './sagemaker/training-jobs/spot-service.js';
import { startTuning } from './sagemaker/tuning-jobs/run.js';
import type { Service } from './server/exchange.js';
import { startHttpServer } from './server/http-server.js';
import { openStore } from './store/store.js';
import { stsService } from './sts/sts.js';

export interface ApiOptions {
  /** Gets everything: the database, objects, folders of jobs. One server at a time has it. */
  readonly dataFolder: string;
  /** Which programs image names mean. */
  readonly programs: Programs;
  /** 0, the default, chooses a free one. */
  readonly port?: number;
  /** The address to listen on; default 127.0.0.1. On any other, whoever reaches it runs programs on this machine. */
  readonly host?: string;
  /** Default us-east-1. */
  readonly region?: string;
  /** Jobs that run at a time, the others wait; default: the number of this machine's processors. */
  readonly concurrency?: number;
  /** Instances that jobs may use at a time, by instance type; default: no limits. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** Between SIGTERM and SIGKILL of a job that is stopped; default: the platform's times. */
  readonly stopGraceMs?: number;
  /** For the answer of an endpoint's container; default 60 s, the service's. */
  readonly invocationTimeoutMs?: number;
  /** For a whole bidirectional stream; default 30 min, the service's. */
  readonly bidirectionalTimeoutMs?: number;
  /** Between the steps of a change set of AWS Marketplace; default 1 s. */
  readonly changeSetStepMs?: number;
  /** IAM has the roles that clients made, and no others. Default: every name is a role. */
  readonly onlyMadeRoles?: boolean;
  /** Its HTTPS_PROXY, HTTP_PROXY and NO_PROXY say how hosts that are not AWS's are reached; default: without a proxy. */
  readonly environment?: NodeJS.ProcessEnv;
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
/** Of all endpoints, at a time. */
const ASYNC_INVOCATIONS = 16;
/** On AWS a change set takes minutes; here long enough to be seen, and to be cancelled. */
const CHANGE_SET_STEP_MS = 1000;
/** What a job may take to end when the server does; then it is killed. */
const CLOSE_GRACE_MS = 5000;

/**
 * Jobs that ran when the last server was killed are Failed afterwards; those that waited begin.
 * @throws ArgumentError when another server has the data folder, or it cannot be written
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const dataFolder = resolve(options.dataFolder);
  prepareOutput(dataFolder, 'Data folder');
  const { region = DEFAULT_REGION, onError = () => undefined } = options;
  const workFolder = join(dataFolder, 'jobs');
  const store = openStore(dataFolder);
  const s3 = createS3({ folder: join(dataFolder, 's3'), region, onError });
  const running: { close(): unknown }[] = [];
  let containers: OwnContainers | undefined;
  const beginsToClose = new AbortController();
  let closing: Promise<void> | undefined;
  const close = () => {
    const killAll = () => {
      killOrphans(workFolder);
      void containers?.remove();
    };
    beginsToClose.abort();
    closing ??= closeParts(running, killAll).finally(() => {
      killOrphans(workFolder);
      s3.close();
      store.close();
    });
    return closing;
  };
  try {
    killOrphans(workFolder);
    const marks = openStartMarks(dataFolder);
    containers = await claimContainers(dataFolder, options.programs.engine, onError);
    const { owner } = containers;
    const clearFolder = await openClearFolder(dataFolder, onError);
    await clearFolder(workFolder); // what jobs left that did not get to their end
    const account: Account = { id: ACCOUNT_ID, region };
    const registry = openRegistry(dataFolder, store, account.id);
    // Listens before anything runs: what waits is not begun by a server whose port is in use. No request comes before the
    // services are there, as nothing below waits.
    const services: Service[] = [];
    let ownPort: number | undefined;
    const proxy = createAwsProxy({
      services,
      authority: await openAuthority(dataFolder),
      findProxy: proxiesOf(options.environment ?? {}, () => ownPort),
      onError,
    });
    running.push(proxy);
    const server = await startHttpServer({
      services,
      port: options.port ?? 0,
      host: options.host ?? LOOPBACK,
      proxy,
      onError,
    });
    running.push(server);
    ownPort = server.port;
    const sageMaker: SageMaker = {
      account,
      store,
      objects: s3.store,
      programs: registryPrograms(ownedPrograms(options.programs, owner), registry, new URL(server.url).host),
      workFolder,
      clearFolder,
      marks,
      parts: new Map(),
      spot: createSpotInstances(),
      quotas: options.quotas ?? {},
      stopGraceMs: options.stopGraceMs,
      closing: beginsToClose.signal,
      watch: createTrainingJobWatch(),
    };
    const scheduler = startScheduler({
      store,
      kinds: jobKinds(sageMaker),
      marks,
      concurrency: options.concurrency ?? availableParallelism(),
      onError,
    });
    running.push(scheduler);
    const tuning = startTuning({ ...sageMaker, scheduler }, onError);
    running.push(tuning);
    const hosting = startHosting(sageMaker, onError);
    running.push(hosting);
    const invocations = startScheduler({
      store,
      kinds: { [ASYNC_INVOCATION]: asyncInvocationKind(sageMaker, hosting) },
      concurrency: ASYNC_INVOCATIONS,
      onError,
    });
    running.push(invocations);
    const catalog = { store, account };
    const changeSets = startChangeSets(catalog, options.changeSetStepMs ?? CHANGE_SET_STEP_MS, onError);
    running.push(changeSets);
    const console = createConsole({ store, programs: options.programs, hosting });
    running.push(console);
    const inOrder = [
      console.service,
      spotService(sageMaker),
      sageMakerService({ ...sageMaker, scheduler }, hosting, tuning),
      bidirectionalService({ sageMaker, hosting, timeoutMs: options.bidirectionalTimeoutMs }),
      runtimeService({ sageMaker, hosting, scheduler: invocations, timeoutMs: options.invocationTimeoutMs }),
      stsService(account),
      iamService({ account, store, onlyMadeRoles: options.onlyMadeRoles ?? false }),
      ecrService(store, registry, account),
      registryService(registry),
      catalogService(catalog, changeSets),
      logsService(store, account),
      ...metricsServices(store, account),
      autoscalingService({ store, account }),
      s3Service(s3),
    ];
    for (const service of inOrder) services.push(service);
    return { url: server.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// --- internal ---

/** Programs whose containers have the data folder's label. */
function ownedPrograms(programs: Programs, owner: string): Programs {
  return { ...programs, open: (image, options) => programs.open(image, { ...options, owner }) };
}

/** All but the stores, which each of them writes to until it has ended. */
async function closeParts(running: readonly { close(): unknown }[], killAll: () => void): Promise<void> {
  const timer = setTimeout(killAll, CLOSE_GRACE_MS);
  try {
    await Promise.all(running.map((part) => part.close()));
  } finally {
    clearTimeout(timer);
  }
}
