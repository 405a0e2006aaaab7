/**
 * The next hyperparameters of tuning jobs, without holding up the caller's event loop: a Bayesian search takes some tenths
 * of a second once 200 training jobs have a result, so it has a thread of its own, which starts at its first use.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Hyperparameters } from './search-space.js';
import type { Trial } from './trial.js';
import type { TuningPlan } from './tuning-plan.js';
import { nextHyperparameters } from './tuning-step.js';

export interface Suggestions {
  /**
   * What `nextHyperparameters` gives; requests are answered in their order.
   * @throws Error of the search, of a thread that ended, and `The search was closed.`
   */
  next(plan: TuningPlan, trials: readonly Trial[]): Promise<Hyperparameters | undefined>;
  /** Ends the thread; what is being searched fails. */
  close(): void;
}

export interface SuggestionRequest {
  readonly id: number;
  readonly plan: TuningPlan;
  readonly trials: readonly Trial[];
}

export interface SuggestionAnswer {
  readonly id: number;
  readonly hyperparameters?: Hyperparameters | undefined;
  readonly error?: unknown;
}

export function openSuggestions(): Suggestions {
  const waiting = new Map<number, PromiseWithResolvers<Hyperparameters | undefined>>();
  let worker: Worker | undefined;
  let requests = 0;
  const fail = (error: unknown) => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = () => {
    const started = new Worker(PROGRAM);
    started.unref();
    started.on('message', ({ id, hyperparameters, ...failure }: SuggestionAnswer) => {
      const answer = waiting.get(id);
      waiting.delete(id);
      // Answers that were under way when the search was closed still arrive.
      if ('error' in failure) answer?.reject(failure.error);
      else answer?.resolve(hyperparameters);
    });
    // A thread that ends, ends what it was asked: the next request starts another.
    once(started, 'exit').then(
      ([code]) => worker === started && fail(new Error(`The thread of the search ended with exit code ${code}.`)),
      (error) => worker === started && fail(error),
    );
    return started;
  };
  return {
    async next(plan, trials) {
      if (plan.strategy !== 'Bayesian') return nextHyperparameters(plan, trials);
      worker ??= start();
      const id = requests++;
      const answer = Promise.withResolvers<Hyperparameters | undefined>();
      waiting.set(id, answer);
      // The search reads no measurements, of which there may be thousands.
      const request: SuggestionRequest = { id, plan, trials: trials.map(({ measurements: _, ...trial }) => trial) };
      worker.postMessage(request);
      return answer.promise;
    },
    close() {
      void worker?.terminate();
      fail(new Error('The search was closed.'));
    },
  };
}

// --- internal ---

/** As it was built: a thread starts from JavaScript. The path is the same from `src` and `dist`. */
const PROGRAM = new URL('../../dist/tuning/suggestion-worker.js', import.meta.url);
