/** Early stopping: which epoch was best by one metric of the validation data, and when to give up waiting for a better. */
import { isBetter, type MetricName } from '../evaluation/index.js';

export interface BestEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly value: number;
}

export interface EarlyStopping {
  /** The best epoch so far. */
  readonly best: BestEpoch | undefined;
  /** Takes in an epoch's value; whether it is the best so far. */
  update(epoch: number, value: number): boolean;
  /** Whether `patience` epochs have passed without a better one. */
  isOver(epoch: number): boolean;
}

/** @param resumed the best epoch of an interrupted run */
export function createEarlyStopping(metric: MetricName, patience: number, resumed?: BestEpoch): EarlyStopping {
  let best = resumed;
  return {
    get best() {
      return best;
    },
    update(epoch, value) {
      if (best !== undefined && !isBetter(metric, value, best.value)) return false;
      best = { epoch, value };
      return true;
    },
    isOver: (epoch) => best !== undefined && epoch - best.epoch >= patience,
  };
}
