/**
 * What a tree costs on several hosts: the computation of a host on its rows, and the sums of histograms over all hosts, which
 * wait for each other. A sum of B bytes over n hosts, as a reduction that is scattered and then gathered, sends 2 (n − 1) / n · B
 * bytes from each host in 2 log2 n steps (R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication
 * operations in MPICH", 2005).
 */

/** Measured on this machine. */
export interface TreeCost {
  /** Of one host with one thread, per row. */
  readonly millisecondsPerRow: number;
  /** Of histograms that all hosts sum. */
  readonly bytes: number;
  /** What a byte costs where the link is not the limit: it is packed, copied, added and unpacked. */
  readonly millisecondsPerByte: number;
}

/** A cluster. */
export interface Links {
  readonly hosts: number;
  /** Of each host's link, in bits per second. */
  readonly rate: number;
}

/** What the link of a host adds to the time that was measured without a limit. @param sentBytes by a host for a tree */
export function withLink(milliseconds: number, sentBytes: number, rate: number): number {
  return milliseconds + (sentBytes * 8 * 1000) / rate;
}

/** The speed of several hosts ÷ that of one. @param rows of all hosts together */
export function speedUp(cost: TreeCost, rows: number, { hosts, rate }: Links): number {
  const alone = cost.millisecondsPerRow * rows;
  const sent = ((2 * (hosts - 1)) / hosts) * cost.bytes;
  const steps = SUMS_PER_TREE * 2 * Math.log2(hosts) * STEP_MILLISECONDS;
  return alone / (withLink(alone / hosts + sent * cost.millisecondsPerByte, sent, rate) + steps);
}

// --- internal ---

/** Depth 6: one for each level and for the last leaves, and one for the grid of the gradients. */
const SUMS_PER_TREE = 8;
/** Assumed: from one instance to another in a placement group. */
const STEP_MILLISECONDS = 0.05;
