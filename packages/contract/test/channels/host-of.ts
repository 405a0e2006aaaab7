/** A communicator of one host whose partners only answer. */
import { type Communicator, oneHost } from '../../src/cluster/communicator.js';

type Answer = (own: unknown, rank: number) => unknown;

/**
 * @param others what each of the partners, by rank, answers to the host's own value; default: the same
 * @param channels their channels, by name, in the same way
 */
export function hostOf(
  rank: number,
  size: number,
  others: Answer = (own) => own,
  channels: Answer = (own) => own,
): Communicator {
  const gatherValues = (own: unknown) =>
    Array.from({ length: size }, (_, i) => (i === rank ? own : (own instanceof Map ? channels : others)(own, i)));
  return { ...oneHost(), rank, size, gatherValues, gather: gatherValues } as Communicator;
}
