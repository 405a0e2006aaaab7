/**
 * Whether one more model fits into the container, decided before it is loaded. How much a model takes is guessed from the
 * size of its files, by what those before it took while they were loaded. A quarter of the memory stays free for requests
 * (serve/memory-plan.ts).
 */

export interface ModelMemory {
  /** Bytes that loading files of this size may take. @param isAlone with no model loaded, the smallest guess there can be */
  estimate(fileBytes: number, isAlone: boolean): number;
  /** Notes what a load took at most. */
  learn(fileBytes: number, peakBytes: number): void;
  /** Bytes that models may still take. */
  spareBytes(): number;
  /** Room for a load, until it is released; undefined where there is none. */
  claim(bytes: number): Claim | undefined;
  /** Whether half of the memory would still be free: room for what can also be done without. */
  isRoomy(bytes: number): boolean;
}

export interface Claim {
  release(): void;
}

/** @param freeBytes what the container can still take, measured now */
export function createModelMemory(limitBytes: number, freeBytes: () => number): ModelMemory {
  let growth = FIRST_GROWTH;
  let hasLearned = false;
  let claimedBytes = 0;
  const freeAfter = (bytes: number) => freeBytes() - claimedBytes - bytes;
  return {
    estimate: (fileBytes, isAlone) => SMALLEST_BYTES + fileBytes * (isAlone ? 1 : growth),
    learn(fileBytes, peakBytes) {
      if (fileBytes < TELLING_BYTES) return;
      const seen = (peakBytes - SMALLEST_BYTES) / fileBytes;
      growth = hasLearned ? Math.max(growth, bounded(seen)) : bounded(seen);
      hasLearned = true;
    },
    spareBytes: () => freeAfter(limitBytes * RESERVE),
    claim(bytes) {
      if (freeAfter(bytes) < limitBytes * RESERVE) return undefined;
      claimedBytes += bytes;
      let isReleased = false;
      return {
        release() {
          if (!isReleased) claimedBytes -= bytes;
          isReleased = true;
        },
      };
    },
    isRoomy: (bytes) => freeAfter(bytes) >= limitBytes * ROOMY,
  };
}

// --- internal ---

/** What planMemory gives to requests in any case. */
const RESERVE = 1 / 4;
const ROOMY = 1 / 2;
/** Besides what the model takes: the engine's heap grows by megabytes. */
const SMALLEST_BYTES = 16 * 1024 ** 2;
/** Files of this size say something about their kind. */
const TELLING_BYTES = 4 * 1024 ** 2;
/** Memory for each byte of the files: text and what is parsed of it together, until one is known. */
const FIRST_GROWTH = 3;
/** The largest that is believed: JSON of small numbers. */
const LARGEST_GROWTH = 10;

function bounded(growth: number): number {
  return Math.min(LARGEST_GROWTH, Math.max(1, growth));
}
