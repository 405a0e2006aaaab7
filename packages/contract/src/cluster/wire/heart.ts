/** The heartbeat of one connection: a beat is sent at every tick, and a peer that was silent for three of them is lost. */

export interface Heart {
  /** Once every interval of this host: counting its own ticks, a host that was asleep itself blames nobody. */
  tick(): void;
  /** Anything has come from the peer. */
  hear(): void;
  /** Beats in a row that the peer has missed until now. */
  readonly missed: number;
}

/** How many beats in a row may be missed. */
export const MISSED_BEATS = 3;

export function createHeart(beat: () => void, onSilence: () => void): Heart {
  let missed = 0;
  return {
    tick() {
      if (missed === MISSED_BEATS) return onSilence();
      missed++;
      beat();
    },
    hear() {
      missed = 0;
    },
    get missed() {
      return missed;
    },
  };
}
