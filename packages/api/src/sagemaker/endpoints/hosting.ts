/**
 * The endpoints that are in service: for each the servers of its variants. What an endpoint should be is in the store; here
 * are the processes, which are started again when the API is.
 */

import { failureReason } from '../../jobs/failure.js';
import { writePatiently } from '../../store/patient-write.js';
import type { StoredRecord } from '../../store/record.js';
import { defineModels } from '../models/served.js';
import { removeRecord, type SageMaker } from '../resources/context.js';
import { drainAll, inService, startAll, stopAll } from './deployment.js';
import { change, findEndpoint } from './record.js';
import { type Deployment, ENDPOINT, type EndpointBody, type EndpointStatus } from './shapes.js';
import { pickByWeight } from './variant-choice.js';
import type { VariantServer } from './variant-server.js';

export interface Hosting {
  /**
   * Brings what is recorded of an endpoint into service: its update in the place of what serves now, or, of one that does not
   * serve yet, itself. It is Creating or Updating until then. An update that fails leaves the old servers in service.
   */
  deploy(name: string): void;
  /** Ends an endpoint's servers, after the calls they have, and removes its record, which is Deleting until then. */
  remove(name: string): void;
  /** When nothing is being done to the endpoint. */
  settled(name: string): Promise<void>;
  /** The server for an invocation: the variant that is named, or one by weight; undefined when there is none. */
  pick(name: string, variant: string | undefined): VariantServer | undefined;
  /** Those of all variants; none where the endpoint does not serve. */
  serversOf(name: string): readonly VariantServer[];
  close(): Promise<void>;
}

/** What calls of an endpoint that is deleted have to end: the service's limit of a call. */
const DELETE_GRACE_MS = 60_000;

/**
 * Starts the endpoints that were in service before, and ends the removal of those that were being deleted.
 * @param start starts the servers of a deployment
 */
export function startHosting(
  sageMaker: SageMaker,
  onError: (error: unknown) => void,
  start: typeof startAll = startAll,
): Hosting {
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

  /** Replaced servers that still answer what they were asked. Its limit is that of each call, or of each stream. */
  const draining = new Set<Promise<void>>();
  const retire = (servers: readonly VariantServer[]) => {
    const drained = drainAll(servers, closing.signal).catch(onError);
    draining.add(drained);
    void drained.then(() => draining.delete(drained));
  };

  const patience = { signal: closing.signal, onError };
  const record = (name: string, status: EndpointStatus, changes: Partial<EndpointBody>) =>
    writePatiently(() => change(sageMaker, name, status, changes), patience);

  const deploy = async (name: string) => {
    const body = findEndpoint(sageMaker, name)?.body;
    if (!body) return;
    const { Update, ProductionVariants = [] } = body;
    try {
      const deployment = whole(sageMaker, Update ?? body);
      const servers = await start(sageMaker, name, deployment, closing.signal);
      const before = live.get(name);
      live.set(name, servers);
      retire(before ?? []); // it gets no calls any more, while its record may wait for a full disk
      await record(name, 'InService', inService(deployment, servers, Update?.Kept ?? ProductionVariants));
    } catch (error) {
      if (closing.signal.aborted) return; // it is started again with the API
      const FailureReason = failureReason(sageMaker, error instanceof Error ? error.message : String(error));
      await record(name, live.has(name) ? 'InService' : 'Failed', { FailureReason, Update: undefined });
    }
  };
  /** What served before an update, which goes on meanwhile. Without it there is nothing to roll back to. */
  const resume = async (name: string) => {
    const body = findEndpoint(sageMaker, name)!.body;
    try {
      live.set(name, await start(sageMaker, name, whole(sageMaker, body), closing.signal));
    } catch {} // its log says why, and the update needs none of it
  };
  const remove = async (name: string) => {
    const servers = live.get(name) ?? [];
    live.delete(name);
    await drainAll(servers, AbortSignal.any([closing.signal, AbortSignal.timeout(DELETE_GRACE_MS)]));
    const endpoint = findEndpoint(sageMaker, name);
    if (endpoint) await writePatiently(() => removeRecord(sageMaker, endpoint), patience);
  };

  const hosting: Hosting = {
    deploy: (name) => enqueue(name, () => deploy(name)),
    remove: (name) => enqueue(name, () => remove(name)),
    settled: (name) => pending.get(name) ?? Promise.resolve(),
    pick(name, variant) {
      const servers = live.get(name) ?? [];
      if (variant !== undefined) return servers.find((server) => server.name === variant);
      // Weights are read only where there is a choice: this is the way of every invocation.
      return servers.length < 2 ? servers[0] : pickByWeight(servers, findEndpoint(sageMaker, name));
    },
    serversOf: (name) => live.get(name) ?? [],
    async close() {
      closing.abort();
      await Promise.all(pending.values());
      await Promise.all(draining); // with what the work above has replaced
      await Promise.all([...live.values()].map(stopAll));
    },
  };
  const restore = ({ name, status, body }: StoredRecord<EndpointBody>) => {
    if (status === 'Deleting') return hosting.remove(name);
    if (body.Update) enqueue(name, () => resume(name));
    else change(sageMaker, name, 'Creating', {});
    hosting.deploy(name);
  };
  for (const status of ['Creating', 'Updating', 'InService', 'Deleting'] as const) {
    sageMaker.store.records.ofStatus<EndpointBody>(ENDPOINT, status).forEach(restore);
  }
  return hosting;
}

// --- internal ---

/** @throws ServiceError when models must be looked up by their names, and are not there */
function whole(sageMaker: SageMaker, { Config, Models }: Deployment): Required<Deployment> {
  return { Config, Models: Models ?? defineModels(sageMaker, Config.ProductionVariants) };
}
