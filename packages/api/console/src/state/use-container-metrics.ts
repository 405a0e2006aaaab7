/** What an endpoint's page follows of its containers, as long as it is seen. */
import { useEffect, useState } from 'preact/hooks';
import type { ContainerMetrics } from '../../../src/console/answers.js';
import { readContainerMetrics } from '../api/container-metrics.js';
import { addReadings, lastTime } from './container-metrics.js';
import { usePart } from './store.js';

const INTERVAL_MS = 5000;

/** @returns none before the first answer */
export function useContainerMetrics(endpoint: string, isInService: boolean): readonly ContainerMetrics[] {
  const [containers, setContainers] = useState<readonly ContainerMetrics[]>([]);
  const isLive = usePart(({ connection }) => connection === 'live');
  useEffect(() => {
    if (!isInService || !isLive) return;
    const leaving = new AbortController();
    let all = containers;
    let isReading = false;
    const read = async () => {
      if (isReading || document.visibilityState === 'hidden') return;
      isReading = true;
      try {
        all = addReadings(all, await readContainerMetrics(endpoint, lastTime(all), leaving.signal));
        if (!leaving.signal.aborted) setContainers(all);
      } catch {
        // A server that does not answer is shown as such.
      }
      isReading = false;
    };
    void read();
    const timer = window.setInterval(() => void read(), INTERVAL_MS);
    return () => {
      window.clearInterval(timer);
      leaving.abort();
    };
  }, [endpoint, isInService, isLive]);
  return containers;
}
