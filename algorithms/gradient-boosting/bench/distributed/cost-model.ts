/**
 * What a tree costs on several hosts: the computation of a host on its rows, then the sums of histograms over all hosts, which
 * cost their processors' time and that of the link. A sum of B bytes over n hosts, as a reduction that is scattered and then
 * gathered, sends 2 (n − 1) / n · B bytes from each host in 2 log2 n steps, each of which waits for the one before
 * (R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH", 2005).
 */

/** Each is measured apart from the others; none comes from a training on several hosts but the bytes. */
export interface TreeCost {
  /** Milliseconds of the hosts that compute at the same time and exchange nothing. */
  readonly computing: number;
  /** Milliseconds of the sums over links without a limit, when nothing is computed. */
  readonly exchanging: number;
  /** By a host, as frames with their headers. */
  readonly sentBytes: number;
}

/** @param rate of each host's link, in bits per second; undefined: none is waited for @returns milliseconds */
export function treeTime({ computing, exchanging, sentBytes }: TreeCost, rate?: number): number {
  return computing + exchanging + (rate === undefined ? 0 : (sentBytes * 8 * 1000) / rate);
}

/** Of a cluster each of whose hosts has the processors of the one that was measured. */
export interface Cluster {
  readonly hosts: number;
  readonly rate: number;
}

/** Of one host with one thread. */
export interface HostCost {
  readonly millisecondsPerRow: number;
  /** Of a tree on two hosts: a host sends each byte of its histograms once. */
  readonly ofTwo: Pick<TreeCost, 'exchanging' | 'sentBytes'>;
}

/** The speed of several hosts ÷ that of one. @param rows of all hosts together */
export function speedUp({ millisecondsPerRow, ofTwo }: HostCost, rows: number, { hosts, rate }: Cluster): number {
  const alone = millisecondsPerRow * rows;
  const sent = (2 * (hosts - 1)) / hosts;
  const steps = SUMS_PER_TREE * 2 * Math.log2(hosts) * STEP_MILLISECONDS;
  const exchanging = sent * ofTwo.exchanging + steps;
  return alone / treeTime({ computing: alone / hosts, exchanging, sentBytes: sent * ofTwo.sentBytes }, rate);
}

// --- internal ---

/** Depth 6: one for each level and for the last leaves, and one for the grid of the gradients. */
const SUMS_PER_TREE = 8;
/** Assumed: from one instance to another in a placement group. */
const STEP_MILLISECONDS = 0.05;
