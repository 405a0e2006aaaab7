/** Times trees by the lines that a training writes after each round, and counts what its hosts send meanwhile. */
import type { HostNetwork, Sample } from '@algo/bench';

/** The first trees are left out: what is made once is made in them. */
const FIRST_TREE = 4;
/** Of the trees that our program writes a line about, the last but one: with the last it saves the model. */
const LAST_TREE = 28;
export const TREES = 30;

/** The program of a host, which writes `round=0 `, `round=1 `, … */
export interface Running {
  /** Resolves when the text has been printed. */
  printed(text: string): Promise<void>;
  ended(): Promise<number | string | null>;
}

/** @param running by rank @throws Error when one of them fails */
export async function timeTrees(network: HostNetwork, running: readonly Running[]): Promise<Sample> {
  const first = running[0]!;
  const sent = () => network.names.map((_, host) => network.sentBytes(host));
  await first.printed(`round=${FIRST_TREE} `);
  const start = performance.now();
  const before = sent();
  await first.printed(`round=${LAST_TREE} `);
  const seconds = (performance.now() - start) / 1000;
  const bytes = sent().map((after, host) => after - before[host]!);
  const codes = await Promise.all(running.map((host) => host.ended()));
  if (codes.some((code) => code !== 0)) throw new Error(`a host ended with ${codes.join(', ')}`);
  const trees = LAST_TREE - FIRST_TREE;
  return {
    millisecondsPerTree: (seconds / trees) * 1000,
    megabytesPerTree: bytes.reduce((sum, count) => sum + count, 0) / trees / 1e6,
  };
}
