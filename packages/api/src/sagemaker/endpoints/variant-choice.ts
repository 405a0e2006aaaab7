/** Which variant of an endpoint gets an invocation that names none. */

import type { StoredRecord } from '../../store/record.js';
import type { EndpointBody } from './shapes.js';
import type { VariantServer } from './variant-server.js';

/** A variant without weight gets nothing, unless no variant has any: then all have the same. */
export function pickByWeight(
  servers: readonly VariantServer[],
  record: StoredRecord<EndpointBody> | undefined,
): VariantServer | undefined {
  const weightOf = (name: string) =>
    record?.body.ProductionVariants?.find(({ VariantName }) => VariantName === name)?.CurrentWeight ?? 0;
  const weighted = servers.map((server) => ({ server, weight: weightOf(server.name) })).filter(({ weight }) => weight);
  if (weighted.length === 0) return servers[Math.floor(Math.random() * servers.length)];
  let place = Math.random() * weighted.reduce((sum, { weight }) => sum + weight, 0);
  const found = weighted.find(({ weight }) => {
    place -= weight;
    return place < 0;
  });
  return (found ?? weighted.at(-1)!).server; // by rounding nothing may be left
}
