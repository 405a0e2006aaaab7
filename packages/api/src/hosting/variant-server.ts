/**
 * The server of one production variant. A server that ends on its own is started again, as the platform does; until it is
 * healthy, invocations fail.
 */
import { join } from 'node:path';
import { type Endpoint, type EndpointRequest, removeTree, startEndpoint } from '@algo/local';
import type { SageMaker } from '../sagemaker/context.js';
import type { ProductionVariant } from '../sagemaker/endpoint-shapes.js';
import { openServedModel, type ServedModel } from '../sagemaker/served-model.js';
import type { LogStream } from '../store/logs.js';

export interface VariantServer {
  readonly name: string;
  readonly image: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** The server, while one is healthy. */
  current(): Endpoint | undefined;
  close(): Promise<void>;
}

export interface VariantOptions {
  readonly sageMaker: SageMaker;
  readonly endpointName: string;
  readonly variant: ProductionVariant;
  /** Of this server alone; it is removed at the end. */
  readonly folder: string;
  readonly stop: AbortSignal;
}

/** Starts that fail one after the other before the variant is given up; each has the whole time of its health check. */
const MAX_RESTARTS = 3;

/** @throws what startEndpoint throws: no such model, or the server does not become healthy */
export async function startVariant(options: VariantOptions): Promise<VariantServer> {
  const { sageMaker, endpointName, variant, folder } = options;
  const logGroup = `/aws/sagemaker/Endpoints/${endpointName}`;
  const logStream = `${variant.VariantName}/i-${Math.floor(Date.now() / 1000).toString(16)}`;
  const log = sageMaker.store.logs.open(logGroup, logStream, { namespace: logGroup, resource: endpointName });
  const closing = new AbortController();
  let served: ServedModel | undefined;
  const closeAll = async () => {
    log.close();
    await served?.close();
    await removeTree(folder);
  };
  try {
    served = await openServedModel(sageMaker, variant.ModelName!, join(folder, 'model'));
    const request = serverRequest(options, served, log, AbortSignal.any([options.stop, closing.signal]));
    const first = await startEndpoint(request);
    const kept = keepRunning(first, request, closing.signal);
    return {
      ...{ name: variant.VariantName, image: served.image, logGroup, logStream },
      current: kept.current,
      async close() {
        closing.abort();
        await kept.current()?.stop();
        await kept.ended;
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

// --- internal ---

function serverRequest(
  { variant, folder, sageMaker }: VariantOptions,
  served: ServedModel,
  log: LogStream,
  stop: AbortSignal,
): EndpointRequest {
  const seconds = variant.ContainerStartupHealthCheckTimeoutInSeconds;
  return {
    program: served.program,
    model: served.model,
    environment: served.environment,
    workDirectory: join(folder, 'container'),
    logFile: join(folder, 'log.txt'),
    startupTimeoutMs: seconds === undefined ? undefined : seconds * 1000,
    stopGraceMs: sageMaker.stopGraceMs,
    stop,
    onEvent: (event) => event.type === 'log' && log.write(event.line),
  };
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
