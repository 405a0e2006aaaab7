/**
 * What was read of a container's /metrics lately, for people who look at it: in memory, as long as its servers run. Who looks
 * gets a reading of now; a container that has no metrics is not asked again for each look.
 */
import type { Reading } from '../../metrics/reading.js';

export interface Readings {
  keep(reading: Reading): void;
  /** Those that are kept, the last one of now or of a moment ago. */
  look(): Promise<readonly Reading[]>;
}

/** 20 minutes of a page that looks every 5 s; 4 hours of the platform's own readings. */
const MAX_READINGS = 240;
const FRESH_MS = 2000;

/**
 * @param read undefined where there is nothing to read
 * @param retryMs until it is read again after that
 */
export function keepReadings(read: () => Promise<Reading | undefined>, retryMs: number): Readings {
  const kept: Reading[] = [];
  let dueAt = 0;
  let reading: Promise<void> | undefined;
  const keep = (found: Reading) => {
    kept.push(found);
    if (kept.length > MAX_READINGS) kept.shift();
    dueAt = found.at + FRESH_MS;
  };
  const readNow = async () => {
    const found = await read();
    if (found) keep(found);
    else dueAt = Date.now() + retryMs;
    reading = undefined;
  };
  return {
    keep,
    async look() {
      if (Date.now() >= dueAt) reading ??= readNow();
      await reading;
      return [...kept];
    },
  };
}
