/**
 * Learning rates by step: constant, along half a cosine to 0 (Loshchilov & Hutter 2017, without restarts), or falling by
 * a factor at intervals; each with a linear warm-up before it.
 */

export interface ScheduleOptions {
  readonly kind: 'constant' | 'cosine' | 'step';
  /** Reached when the warm-up ends. */
  readonly learningRate: number;
  /** Steps of the whole training, the warm-up's included; the cosine ends there. */
  readonly totalSteps: number;
  /** Steps over which the rate grows in equal parts to `learningRate`; 0 for none. */
  readonly warmupSteps: number;
  /** Of `step`: what the rate is multiplied by every `interval` steps, in (0, 1]. */
  readonly factor: number;
  /** Of `step`: ≥ 1, counted from the first step, the warm-up's included. */
  readonly interval: number;
}

/** Learning rate of a step, counted from 1. Beyond `totalSteps` the cosine stays at its last rate. */
export function createSchedule(options: ScheduleOptions): (step: number) => number {
  const { learningRate, warmupSteps } = options;
  return (step) => {
    const warmth = step < warmupSteps ? step / warmupSteps : 1;
    return learningRate * warmth * decay(options, step);
  };
}

// --- internal ---

/** Share of the learning rate that is left, without warm-up. */
function decay({ kind, totalSteps, warmupSteps, factor, interval }: ScheduleOptions, step: number): number {
  switch (kind) {
    case 'constant':
      return 1;
    case 'cosine': {
      // The first step after the warm-up has the full rate, the one after the last would have 0.
      const span = Math.max(1, totalSteps - warmupSteps);
      const done = Math.min(Math.max(0, step - 1 - warmupSteps), span - 1) / span;
      return (1 + Math.cos(Math.PI * done)) / 2;
    }
    case 'step':
      return factor ** Math.floor((step - 1) / interval);
  }
}
