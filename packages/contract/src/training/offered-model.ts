/**
 * Models that are kept in case a stop leaves no time for the last one. An algorithm offers its model at every safe point;
 * it is taken so seldom that all of it, making and writing, costs a small share of the job's time.
 */
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { ModelFiles } from '../model/model.js';
import type { StopSignal } from './stop.js';

/** Of the job's time, what kept models may cost. */
const SHARE = 0.05;
/** Before it a stop costs little; then at most one model per such time. */
const INTERVAL_MS = 60_000;

export interface OfferOptions {
  readonly save: (model: ModelFiles) => Promise<void>;
  readonly log: Log;
  readonly stop: Pick<StopSignal, 'requested'>;
  /** Minimum time between two models; tests set their own. */
  readonly intervalMs?: number;
  readonly now?: () => number;
}

/** @returns `TrainingJob.offerModel` */
export function createModelOffer(
  options: OfferOptions,
): (make: () => ModelFiles | Promise<ModelFiles>) => Promise<void> {
  const { save, log, stop, intervalMs = INTERVAL_MS, now = () => performance.now() } = options;
  let due = now() + intervalMs;
  return async (make) => {
    // After a stop the last model is what the time is for.
    if (now() < due || stop.requested) return;
    const started = now();
    due = Number.POSITIVE_INFINITY;
    try {
      const made = make();
      await save(made instanceof Promise ? await made : made);
    } catch (error) {
      log.error(`warning: no model is kept for a stop any more: ${messageOf(error)}`);
      return;
    }
    due = now() + Math.max(intervalMs, (now() - started) * (1 / SHARE - 1));
  };
}
