/** The metrics of an endpoint's containers, as its page shows them. */
import type { Hosting } from '../sagemaker/endpoints/hosting.js';
import type { ContainerMetrics } from './answers.js';

/**
 * Those of each container that is observed.
 * @param after leaves out readings up to this time, in milliseconds since 1970
 */
export async function readContainerMetrics(
  hosting: Pick<Hosting, 'serversOf'>,
  endpoint: string,
  after: number,
): Promise<readonly ContainerMetrics[]> {
  const reading = hosting.serversOf(endpoint).flatMap(({ name: variant, containers }) =>
    containers.map(async ({ name: container, metrics }) => {
      const readings = await metrics?.look();
      return readings && { variant, container, readings: readings.filter(({ at }) => at > after) };
    }),
  );
  return (await Promise.all(reading)).filter((found) => found !== undefined);
}
