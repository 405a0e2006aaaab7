/** Reads what is known of an endpoint's containers since the last time. */
import type { ContainerMetrics } from '../../../src/console/answers.js';

/** @param after leaves out readings up to this time, in milliseconds since 1970 */
export async function readContainerMetrics(
  endpoint: string,
  after: number,
  signal: AbortSignal,
): Promise<readonly ContainerMetrics[]> {
  const query = new URLSearchParams({ endpoint, after: `${after}` });
  const response = await fetch(`/_console/container-metrics?${query}`, { signal });
  return response.ok ? ((await response.json()) as readonly ContainerMetrics[]) : [];
}
