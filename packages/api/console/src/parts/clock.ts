/** The time, for ages and durations. */
import { useEffect, useState } from 'preact/hooks';

/** Seconds since 1970; draws again after each interval while it is running. */
export function useNow(isRunning: boolean, intervalMs = 1000): number {
  const [now, setNow] = useState(Date.now() / 1000);
  useEffect(() => {
    if (!isRunning) return;
    const timer = window.setInterval(() => setNow(Date.now() / 1000), intervalMs);
    return () => window.clearInterval(timer);
  }, [isRunning, intervalMs]);
  return now;
}
