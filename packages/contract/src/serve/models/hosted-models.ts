/**
 * The models of a multi-model container by name, and what callers may ask of them: load, unload, list, invoke. Names are
 * opaque text. A request to a model that is being loaded waits for it; one that is being unloaded is not there any more,
 * but for the requests that it has.
 */
import { type Answer, type Bytes, errorAnswer, type Forward } from '../message.js';
import { folderBytes } from './folder-bytes.js';
import { alreadyLoaded, notLoaded } from './model-errors.js';
import type { PlacedModel } from './model-holders.js';
import type { ModelLoader } from './model-loader.js';

export interface HostedModels {
  /** @throws ContractError when it is loaded already, or cannot be loaded */
  load(name: string, url: string): Promise<void>;
  /** Settles when every worker has closed it. @throws ContractError when it is not loaded */
  unload(name: string): Promise<void>;
  /** Those that are loaded, in the order of their names' UTF-16 units. */
  loaded(): readonly PlacedModel[];
  /** @throws ContractError when it is not loaded */
  get(name: string): PlacedModel;
  invoke(name: string, ...asked: Parameters<Forward>): Promise<Answer<Bytes>>;
  /** The model that a worker may be at a request for. */
  find(name: string): PlacedModel | undefined;
  /** No worker has the model any more: its requests are answered now. */
  drop(model: PlacedModel): void;
}

/** @param forward has requests answered by a worker that holds their model */
export function createHostedModels(loader: Pick<ModelLoader, 'load' | 'unload'>, forward: Forward): HostedModels {
  const models = new Map<string, HostedModel>();

  const begin = async (model: HostedModel) => {
    model.fileBytes = await folderBytes(model.url);
    await loader.load(model);
    model.state = 'loaded';
  };
  const end = (model: HostedModel) => {
    if (models.get(model.name) !== model) return;
    models.delete(model.name);
    model.gone.resolve();
    for (const stop of model.requests) stop();
  };
  const getLoaded = (name: string): HostedModel => {
    const model = models.get(name);
    if (model?.state !== 'loaded') throw notLoaded(name);
    return model;
  };

  return {
    async load(name, url) {
      for (let known = models.get(name); known; known = models.get(name)) {
        if (known.state !== 'unloading') throw alreadyLoaded(name, known.state === 'loading');
        await known.gone.promise;
      }
      const model = createModel(name, url);
      models.set(name, model);
      model.settled = begin(model);
      try {
        await model.settled;
      } catch (error) {
        end(model);
        throw error;
      }
    },
    async unload(name) {
      await models.get(name)?.settled.catch(ignore);
      const model = getLoaded(name);
      model.state = 'unloading';
      if (model.requests.size > 0) await new Promise<void>((resolve) => (model.onIdle = resolve));
      await loader.unload(model);
      end(model);
    },
    loaded: () =>
      [...models.values()].filter(({ state }) => state === 'loaded').sort((a, b) => (a.name < b.name ? -1 : 1)),
    get: getLoaded,
    find: (name) => models.get(name),
    async invoke(name, request, left) {
      const model = models.get(name);
      if (!model || model.state === 'unloading') return errorAnswer(notLoaded(name));
      const stop = new AbortController();
      const onStop = () => stop.abort();
      const caller = left?.();
      caller?.addEventListener('abort', onStop, { once: true });
      if (caller?.aborted) onStop();
      model.requests.add(onStop);
      try {
        if (model.state === 'loading') await model.settled.catch(ignore);
        if (models.get(name) !== model) return errorAnswer(notLoaded(name));
        const answer = await forward({ ...request, model: name }, () => stop.signal);
        return models.get(name) === model ? answer : errorAnswer(notLoaded(name));
      } finally {
        caller?.removeEventListener('abort', onStop);
        model.requests.delete(onStop);
        if (model.requests.size === 0) model.onIdle?.();
      }
    },
    drop: (model) => {
      const known = models.get(model.name);
      if (known === model) end(known);
    },
  };
}

// --- internal ---

interface HostedModel extends PlacedModel {
  state: 'loading' | 'loaded' | 'unloading';
  /** Settles when it is loaded, or cannot be. */
  settled: Promise<void>;
  /** Settles when it is there no more. */
  readonly gone: PromiseWithResolvers<void>;
  /** Ends of its requests that are not answered. */
  readonly requests: Set<() => void>;
  /** Called when there is none. */
  onIdle: (() => void) | undefined;
}

function createModel(name: string, url: string): HostedModel {
  return {
    ...{ name, url, fileBytes: 0, holders: new Set(), facts: undefined },
    ...{ state: 'loading', settled: Promise.resolve(), requests: new Set(), onIdle: undefined },
    gone: Promise.withResolvers(),
  };
}

function ignore(): void {}
