/**
 * The servers of one production variant: one per container of its model. A server that ends on its own is started again, as
 * the platform does; until it is healthy, invocations fail.
 */
import { join } from 'node:path';
import { type Endpoint, type EndpointRequest, startEndpoint, startEndpoints } from '@algo/local';
import { platformError } from '../../jobs/platform-names.js';
import { embeddedMetrics } from '../../metrics/embedded-metrics.js';
import { type Metric, type MetricValue, openMetricStore } from '../../metrics/metric-store.js';
import type { LogStream } from '../../store/logs.js';
import { modelUri } from '../models/multi-model.js';
import { openServedModel, type ServedContainer, type ServedModel } from '../models/served.js';
import type { ModelDefinition } from '../models/shapes.js';
import type { SageMaker } from '../resources/context.js';
import { countInFlight, type InFlight } from './in-flight.js';
import { modelMetric } from './model-metrics.js';
import type { Readings } from './readings.js';
import { scrapeOf, startScraping } from './scrape.js';
import type { MetricsConfig, ProductionVariant } from './shapes.js';

export interface VariantServer {
  readonly name: string;
  readonly logGroup: string;
  /** One, or several in the order of the pipeline. */
  readonly containers: readonly ContainerServer[];
  /** Each request names its container. */
  readonly isDirect: boolean;
  readonly isServerless: boolean;
  /** Takes asynchronous invocations alone. */
  readonly isAsynchronous: boolean;
  /** Calls of clients. */
  readonly inFlight: InFlight;
  close(): Promise<void>;
}

export interface ContainerServer {
  /** In errors: `primary`, or of several the hostname. */
  readonly name: string;
  readonly image: string;
  readonly resolvedImage: string;
  /** Where a target model is, of a container of Mode MultiModel. */
  readonly modelUri: ((target: string) => string) | undefined;
  /** The server, while one is healthy. */
  current(): Endpoint | undefined;
  /** Of its /metrics, where they are read. */
  readonly metrics: Readings | undefined;
}

export interface VariantOptions {
  readonly sageMaker: SageMaker;
  readonly endpointName: string;
  readonly variant: ProductionVariant;
  readonly model: ModelDefinition;
  readonly MetricsConfig: MetricsConfig | undefined;
  readonly isAsynchronous: boolean;
  /** Of these servers alone; it is removed at the end. */
  readonly folder: string;
  readonly stop: AbortSignal;
}

/** Starts that fail one after the other before the variant is given up; each has the whole time of its health check. */
const MAX_RESTARTS = 3;

/** @throws Error in the service's words when a server does not become healthy */
export async function startVariant(options: VariantOptions): Promise<VariantServer> {
  const { sageMaker, endpointName, variant, folder } = options;
  const name = variant.VariantName;
  const logGroup = `/aws/sagemaker/Endpoints/${endpointName}`;
  const instance = `${name}/i-${Math.floor(Date.now() / 1000).toString(16)}`;
  const logs: LogStream[] = [];
  const openLog = (stream: string) => {
    const log = sageMaker.store.logs.open(logGroup, stream, { namespace: logGroup, resource: endpointName });
    logs.push(log);
    return log;
  };
  const closing = new AbortController();
  let served: ServedModel | undefined;
  const closeAll = async () => {
    for (const log of logs) log.close();
    await served?.close();
    await sageMaker.clearFolder(folder);
  };
  try {
    served = await openServedModel(sageMaker, options.model, join(folder, 'model'));
    const { containers, isDirect } = served;
    const stop = AbortSignal.any([options.stop, closing.signal]);
    const requests = containers.map((container, i) => {
      const log = openLog(containers.length === 1 ? instance : `${instance}/${container.name}`);
      return serverRequest(options, container, join(folder, String(i)), log, stop);
    });
    const first = await startEndpoints(requests, (error, i) => notHealthy(variant, containers[i]!, error));
    const kept = first.map((endpoint, i) => keepRunning(endpoint, requests[i]!, closing.signal));
    const metrics = observe(options, kept, closing.signal);
    return {
      ...{ name, logGroup, isDirect, isServerless: variant.ServerlessConfig !== undefined },
      isAsynchronous: options.isAsynchronous,
      inFlight: countInFlight(),
      containers: containers.map(({ name, image, resolvedImage, models }, i) => ({
        ...{ name, image, resolvedImage, current: kept[i]!.current, metrics: metrics[i] },
        modelUri: models && ((target: string) => modelUri(options.model.containers[i]!, target)),
      })),
      async close() {
        closing.abort();
        await Promise.all(kept.map(({ current }) => current()?.stop()));
        await Promise.all(kept.map(({ ended }) => ended));
        await closeAll();
      },
    };
  } catch (error) {
    const named = platformError(sageMaker, error); // while its folder is there
    await closeAll();
    throw named;
  }
}

// --- internal ---

/** The service's own sentence, then what it leaves to the log. */
function notHealthy({ VariantName }: ProductionVariant, { name }: ServedContainer, error: unknown): Error {
  const cause = error instanceof Error ? error.message : String(error);
  const which = name === 'primary' ? 'primary container' : name;
  return new Error(
    `The ${which} for production variant ${VariantName} did not pass the ping health check. Please check CloudWatch logs for this endpoint. ${cause}`,
    { cause: error },
  );
}

function serverRequest(
  { variant, sageMaker, endpointName }: VariantOptions,
  container: ServedContainer,
  folder: string,
  log: LogStream,
  stop: AbortSignal,
): EndpointRequest {
  const seconds = variant.ContainerStartupHealthCheckTimeoutInSeconds;
  return {
    program: container.program,
    model: container.model,
    models: container.models && {
      ...container.models,
      measure(name, value) {
        addQuietly(sageMaker, [modelMetric(name, value, { endpointName, variantName: variant.VariantName })]);
      },
    },
    environment: container.environment,
    workDirectory: join(folder, 'container'),
    logFile: join(folder, 'log.txt'),
    startupTimeoutMs: seconds === undefined ? undefined : seconds * 1000,
    stopGraceMs: sageMaker.stopGraceMs,
    stop,
    onEvent(event) {
      if (event.type !== 'log') return;
      log.write(event.line);
      addQuietly(sageMaker, embeddedMetrics(event.line));
    },
  };
}

/** Reads the metrics of the containers, but for a serverless variant, which the platform does not observe. */
function observe(
  { sageMaker, endpointName, variant, model, MetricsConfig }: VariantOptions,
  kept: readonly { current(): Endpoint | undefined }[],
  stop: AbortSignal,
): readonly (Readings | undefined)[] {
  return kept.map(({ current }, index) => {
    if (variant.ServerlessConfig !== undefined) return undefined;
    const scrape = scrapeOf({ ...(MetricsConfig && { MetricsConfig }) }, model.containers[index] ?? {});
    if (!scrape) return undefined;
    const names = { endpointName, variantName: variant.VariantName };
    const add = (values: readonly (Metric & MetricValue)[]) => addQuietly(sageMaker, values);
    return startScraping({ ...scrape, ...names, url: () => current()?.url, add }, stop);
  });
}

/** What cannot be written, as on a full disk, is dropped, as lines of the log are. */
function addQuietly({ store }: SageMaker, values: readonly (Metric & MetricValue)[]): void {
  if (values.length === 0) return;
  try {
    openMetricStore(store).add(values);
  } catch {}
}

function keepRunning(first: Endpoint, request: EndpointRequest, closing: AbortSignal) {
  let current: Endpoint | undefined = first;
  const run = async () => {
    let failures = 0;
    while (!closing.aborted && failures < MAX_RESTARTS) {
      await current?.exited;
      await current?.stop(); // frees its port and connections
      current = undefined;
      if (closing.aborted) return;
      try {
        current = await startEndpoint(request);
        failures = 0;
      } catch {
        failures++; // its log says why
      }
    }
  };
  return { current: () => current, ended: run() };
}
