/**
 * The endpoints that are in service: for each the servers of its variants. What an endpoint should be is in the store; here
 * are the processes, which are started again when the API is.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { now, type SageMaker } from '../sagemaker/context.js';
import type {
  EndpointBody,
  EndpointConfigBody,
  EndpointStatus,
  KeptVariant,
  VariantSummary,
} from '../sagemaker/endpoint-shapes.js';
import { shortened } from '../sagemaker/job-failure.js';
import type { StoredRecord } from '../store/record.js';
import { startVariant, type VariantServer } from './variant-server.js';

export const ENDPOINT = 'endpoint';

export interface Hosting {
  /**
   * Brings the servers of a configuration into service in the place of those that serve now, and records it; the endpoint is
   * Creating or Updating until then. An update that fails leaves the old ones in service.
   * @param kept weights and instance counts in the place of the configuration's
   */
  deploy(name: string, config: EndpointConfigBody, kept?: readonly KeptVariant[]): void;
  /** Ends an endpoint's servers and removes its record, which is Deleting until then. */
  remove(name: string): void;
  /** When nothing is being done to the endpoint. */
  settled(name: string): Promise<void>;
  /** The server for an invocation: the variant that is named, or one by weight; undefined when there is none. */
  pick(name: string, variant: string | undefined): VariantServer | undefined;
  close(): Promise<void>;
}

/** Starts the endpoints that were in service before, and ends the removal of those that were being deleted. */
export function startHosting(sageMaker: SageMaker, onError: (error: unknown) => void): Hosting {
  const live = new Map<string, readonly VariantServer[]>();
  const closing = new AbortController();
  /** What is being done to an endpoint; the next change to it waits for the one before. */
  const pending = new Map<string, Promise<void>>();
  const enqueue = (name: string, work: () => Promise<void>) => {
    const before = pending.get(name) ?? Promise.resolve();
    const after = before.then(work).catch(onError);
    pending.set(name, after);
    void after.then(() => pending.get(name) === after && pending.delete(name));
  };

  const deploy = async (name: string, config: EndpointConfigBody, kept: readonly KeptVariant[]) => {
    const isUpdate = live.has(name);
    try {
      const servers = await startAll(sageMaker, name, config, closing.signal);
      const before = live.get(name);
      live.set(name, servers);
      change(sageMaker, name, 'InService', inService(config, servers, kept));
      await stopAll(before ?? []);
    } catch (error) {
      if (closing.signal.aborted) return; // it is started again with the API
      const reason = shortened(error instanceof Error ? error.message : String(error));
      change(sageMaker, name, isUpdate ? 'InService' : 'Failed', { FailureReason: reason });
    }
  };
  const remove = async (name: string) => {
    await stopAll(live.get(name) ?? []);
    live.delete(name);
    const record = findEndpoint(sageMaker, name);
    if (!record) return;
    sageMaker.store.transaction(() => {
      sageMaker.store.records.remove(ENDPOINT, name);
      sageMaker.store.tags.removeAll(record.arn);
    });
  };

  const hosting: Hosting = {
    deploy: (name, config, kept = []) => enqueue(name, () => deploy(name, config, kept)),
    remove: (name) => enqueue(name, () => remove(name)),
    settled: (name) => pending.get(name) ?? Promise.resolve(),
    pick(name, variant) {
      const servers = live.get(name) ?? [];
      if (variant !== undefined) return servers.find((server) => server.name === variant);
      // Weights are read only where there is a choice: this is the way of every invocation.
      return servers.length < 2 ? servers[0] : pickByWeight(servers, findEndpoint(sageMaker, name));
    },
    async close() {
      closing.abort();
      await Promise.all(pending.values());
      await Promise.all([...live.values()].map(stopAll));
    },
  };
  restore(sageMaker, hosting);
  return hosting;
}

/** The endpoint's record. */
export function findEndpoint({ store }: SageMaker, name: string): StoredRecord<EndpointBody> | undefined {
  return store.records.find<EndpointBody>(ENDPOINT, name);
}

/** Records a status and what goes with it. */
export function change(
  sageMaker: SageMaker,
  name: string,
  status: EndpointStatus,
  changes: Partial<EndpointBody>,
): void {
  const { store } = sageMaker;
  store.transaction(() => {
    const record = findEndpoint(sageMaker, name);
    if (!record) return;
    const time = now();
    const { FailureReason: _, ...body } = record.body;
    const changed = { ...body, ...changes, EndpointStatus: status, LastModifiedTime: time };
    store.records.update({ ...record, status, modified: time, body: changed });
  });
}

// --- internal ---

function restore(sageMaker: SageMaker, hosting: Hosting): void {
  for (const status of ['Creating', 'Updating', 'InService', 'Deleting'] as const) {
    for (const { name, body } of sageMaker.store.records.ofStatus<EndpointBody>(ENDPOINT, status)) {
      if (status === 'Deleting') hosting.remove(name);
      else hosting.deploy(name, body.Config, body.ProductionVariants);
      if (status !== 'Deleting') change(sageMaker, name, 'Creating', {});
    }
  }
}

/** All or none. */
async function startAll(
  sageMaker: SageMaker,
  endpointName: string,
  { ProductionVariants }: EndpointConfigBody,
  stop: AbortSignal,
): Promise<readonly VariantServer[]> {
  const starts = ProductionVariants.map((variant) => {
    const folder = join(sageMaker.workFolder, ENDPOINT, `${endpointName}-${randomUUID()}`);
    return startVariant({ sageMaker, endpointName, variant, folder, stop });
  });
  const results = await Promise.allSettled(starts);
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return servers;
  await stopAll(servers);
  throw failed.reason;
}

async function stopAll(servers: readonly VariantServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}

function inService(
  config: EndpointConfigBody,
  servers: readonly VariantServer[],
  kept: readonly KeptVariant[],
): Partial<EndpointBody> {
  const time = now();
  const ProductionVariants = config.ProductionVariants.map((variant, i): VariantSummary => {
    const { VariantName, InitialVariantWeight, InitialInstanceCount, ServerlessConfig } = variant;
    const { CurrentWeight, CurrentInstanceCount } = kept.find((other) => other.VariantName === VariantName) ?? {};
    const weight = CurrentWeight ?? InitialVariantWeight ?? 1;
    const count = CurrentInstanceCount ?? InitialInstanceCount ?? 1;
    return {
      VariantName,
      DeployedImages: servers[i]!.containers.map(({ image }) => ({
        ...{ SpecifiedImage: image, ResolvedImage: image, ResolutionTime: time },
      })),
      ...{ CurrentWeight: weight, DesiredWeight: weight },
      ...(ServerlessConfig === undefined
        ? { CurrentInstanceCount: count, DesiredInstanceCount: count }
        : { CurrentServerlessConfig: ServerlessConfig, DesiredServerlessConfig: ServerlessConfig }),
    };
  });
  const { EndpointConfigName, AsyncInferenceConfig } = config;
  return {
    Config: config,
    EndpointConfigName,
    ProductionVariants,
    ...(AsyncInferenceConfig && { AsyncInferenceConfig }),
  };
}

/** A variant without weight gets nothing, unless no variant has any: then all have the same. */
function pickByWeight(
  servers: readonly VariantServer[],
  record: StoredRecord<EndpointBody> | undefined,
): VariantServer | undefined {
  const weightOf = (name: string) =>
    record?.body.ProductionVariants?.find(({ VariantName }) => VariantName === name)?.CurrentWeight ?? 0;
  const weighted = servers.map((server) => ({ server, weight: weightOf(server.name) })).filter(({ weight }) => weight);
  if (weighted.length === 0) return servers[Math.floor(Math.random() * servers.length)];
  let place = Math.random() * weighted.reduce((sum, { weight }) => sum + weight, 0);
  const found = weighted.find(({ weight }) => {
    place -= weight;
    return place < 0;
  });
  return (found ?? weighted.at(-1)!).server; // by rounding nothing may be left
}
