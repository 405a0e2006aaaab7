/**
 * The models of a multi-model endpoint, as the platform looks after them: the first request for a model has its archive
 * unpacked and loaded by the container, under a name that is a digest of the target. A container without room for one more
 * (507) has the one that was used longest ago unloaded, again until there is room or no other. Source: AWS guides "Multi-Model
 * Endpoints", "Contract for Custom Containers to Serve Multiple Models", and API MultiModelConfig.
 */
import type { Answer } from './answer.js';
import type { CallOptions, ServerClient } from './invocation.js';
import { createModelFolders, type ModelFoldersOptions } from './model-folders.js';
import { createModel, isBusy, type TargetModel } from './target-model.js';
import { ModelNotLoaded, ModelNotReady } from './target-model-errors.js';

export interface TargetModels {
  /** Answers by the model. @throws what `acquire` and the client throw */
  invoke(target: string, options: Omit<CallOptions, 'method' | 'path'>): Promise<Answer>;
  /**
   * The model, loaded, until it is released.
   * @throws ModelNotFound, ModelNotLoaded, JobError for an archive that cannot be used; ModelNotReady after `timeoutMs`, when
   *   the load continues
   */
  acquire(target: string, timeoutMs: number): Promise<AcquiredModel>;
  /** Models that are loaded, in the order of their last use. */
  loaded(): readonly string[];
}

export interface AcquiredModel {
  /** Of its invocations. */
  readonly path: string;
  release(): void;
}

export interface TargetModelsOptions extends ModelFoldersOptions {
  readonly client: ServerClient;
  /** Whether a model stays loaded after its requests; default true. */
  readonly isCached?: boolean | undefined;
  /** Gets what the service measures of models, times in microseconds. */
  readonly measure?: ((metric: ModelMetric, value: number) => void) | undefined;
}

/** Source: AWS guide "CloudWatch Metrics for Multi-Model Endpoint Deployments". */
export type ModelMetric =
  | 'ModelLoadingWaitTime'
  | 'ModelUnloadingTime'
  | 'ModelDownloadingTime'
  | 'ModelLoadingTime'
  | 'ModelCacheHit'
  | 'LoadedModelCount';

/** How long a load continues that no caller waits for any more: "up to 360 seconds" in the guide. */
const LOAD_MS = 360_000;

export function createTargetModels(options: TargetModelsOptions): TargetModels {
  const { client, isCached = true, measure = () => {} } = options;
  const folders = createModelFolders(options);
  /** By target, in the order of their last use. */
  const models = new Map<string, TargetModel>();
  const unloading = new Map<string, Promise<void>>();
  /** One after the other, those that had no room at first. */
  let pressed: Promise<unknown> = Promise.resolve();

  const idle = () => [...models.values()].filter(({ state, openCount }) => state === 'loaded' && openCount === 0);

  const unload = (model: TargetModel): Promise<void> => {
    models.delete(model.target);
    const started = performance.now();
    const done = (async () => {
      await client.call({ method: 'DELETE', path: model.path, timeoutMs: LOAD_MS }).catch(ignore);
      await folders.remove(model.name);
      measure('ModelUnloadingTime', microseconds(started));
      measure('LoadedModelCount', loaded().length);
    })().finally(() => unloading.delete(model.target));
    unloading.set(model.target, done);
    return done;
  };

  const askToLoad = (model: TargetModel) =>
    client.call({
      ...{ method: 'POST', path: '/models', timeoutMs: LOAD_MS },
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from(JSON.stringify({ model_name: model.name, url: folders.url(model.name) })),
    });

  /** Makes room for the model, one by one; alone in this, so that two do not wait for each other. */
  const loadUnderPressure = async (model: TargetModel, refused: Answer): Promise<Answer> => {
    let answer = refused;
    while (answer.status === NO_ROOM) {
      const [oldest] = idle();
      if (oldest) await unload(oldest);
      else {
        const others = [...models.values()].filter((other) => other !== model && isBusy(other));
        if (others.length === 0) return answer;
        await Promise.race(others.map((other) => (other.state === 'loading' ? other.settled : other.released())));
      }
      answer = await askToLoad(model);
    }
    return answer;
  };

  const load = async (model: TargetModel) => {
    await unloading.get(model.target);
    const started = performance.now();
    await folders.unpack(model.target, model.name);
    measure('ModelDownloadingTime', microseconds(started));
    const asked = performance.now();
    let answer = await askToLoad(model);
    if (answer.status === NO_ROOM) {
      model.state = 'waiting';
      const first = answer;
      const retried = pressed.then(() => loadUnderPressure(model, first));
      pressed = retried.catch(ignore);
      answer = await retried;
    }
    if (answer.status !== 200 && answer.status !== LOADED_ALREADY) throw new ModelNotLoaded(model.target, answer);
    model.state = 'loaded';
    measure('ModelLoadingTime', microseconds(asked));
    measure('LoadedModelCount', loaded().length);
  };

  const begin = (target: string): TargetModel => {
    const name = folders.nameOf(target);
    const model = createModel(target, name);
    models.set(target, model);
    const loading = load(model).catch(async (error) => {
      if (models.get(target) === model) models.delete(target);
      await folders.remove(name);
      throw error;
    });
    model.loading = loading;
    model.settled = loading.catch(ignore);
    return model;
  };

  const acquire = async (
    target: string,
    timeoutMs: number,
  ): Promise<AcquiredModel & { readonly model: TargetModel }> => {
    const known = models.get(target);
    const isHit = known?.state === 'loaded';
    const model = known ?? begin(target);
    models.delete(target);
    models.set(target, model);
    const started = performance.now();
    model.openCount += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      model.openCount -= 1;
      if (model.openCount > 0) return;
      model.wake();
      if (!isCached && models.get(target) === model && model.state === 'loaded') void unload(model);
    };
    try {
      await inTime(model.loading, timeoutMs, () => new ModelNotReady(target));
    } catch (error) {
      release();
      throw error;
    }
    measure('ModelCacheHit', isHit ? 1 : 0);
    if (!isHit) measure('ModelLoadingWaitTime', microseconds(started));
    return { path: `${model.path}/invoke`, release, model };
  };

  const loaded = () => [...models.values()].filter(({ state }) => state === 'loaded').map(({ target }) => target);

  return {
    acquire,
    loaded,
    async invoke(target, request) {
      const deadline = performance.now() + request.timeoutMs;
      for (let wasLost = false; ; ) {
        const restMs = () => Math.max(1, Math.ceil(deadline - performance.now()));
        const { path, release, model } = await acquire(target, restMs());
        try {
          const answer = await client.call({ ...request, method: 'POST', path, timeoutMs: restMs() });
          const [oldest] = idle();
          if (answer.status === NO_ROOM && oldest) await unload(oldest);
          else if (answer.status === LOST && !wasLost) {
            wasLost = true; // the container has it no more
            if (models.get(target) === model) models.delete(target);
          } else return answer;
        } finally {
          release();
        }
      }
    },
  };
}

// --- internal ---

const NO_ROOM = 507;
const LOADED_ALREADY = 409;
const LOST = 404;

function microseconds(started: number): number {
  return Math.round((performance.now() - started) * 1000);
}

async function inTime(done: Promise<void>, timeoutMs: number, late: () => Error): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    await Promise.race([done, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function ignore(): void {}
