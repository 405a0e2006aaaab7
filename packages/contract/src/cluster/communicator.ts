/**
 * What the hosts of a job do together: each is a rank, and every call is made by all of them, in the same order, with arrays
 * of the same type. A call returns on a host once the others have made it, too. Source: MPI 5.0, chapter 6 (collective
 * communication), of which these are the calls that an algorithm needs.
 */

/** Numbers that hosts reduce or exchange; also views of a kernel's memory, shared or not. */
export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array | BigInt64Array;

export interface Communicator {
  /** This host's, in [0, size): its place among `hosts` of resourceconfig.json. 0 leads: it alone saves the model. */
  readonly rank: number;
  /** How many hosts there are; ≥ 1. */
  readonly size: number;
  /**
   * Replaces each value by its sum over all hosts, in place; all of them get the same bits. Sums of doubles depend on the number
   * of hosts by rounding, unless they are whole numbers below 2^53.
   * @param values [n], the same n on every host
   */
  sum(values: Numbers): void;
  /** Replaces each value by the largest of all hosts, in place. @param values [n], the same n on every host; no NaN */
  max(values: Numbers): void;
  /** Whether the flag is set on any host: how hosts agree on a stop, at the same safe point. */
  any(flag: boolean): boolean;
  /** Replaces the values by those of one host, in place. @param values [n], the same n on every host @param root its rank */
  broadcast(values: Numbers, root?: number): void;
  /**
   * What each host has, on all of them.
   * @param part [n], any n ≥ 0 on each host
   * @returns by rank; arrays of their own, but for a job on one host, where it is `part` itself
   */
  gather<T extends Numbers>(part: T): T[];
  /**
   * The same for any value that structured clone copies: objects, texts, maps, typed arrays.
   * @returns by rank; copies, but for a job on one host, where it is `value` itself
   */
  gatherValues<T>(value: T): T[];
  /** Returns once all hosts have called it. */
  barrier(): void;
}

/** The communicator of a job on one host: nothing is loaded, copied or sent. */
export function oneHost(): Communicator {
  return {
    rank: 0,
    size: 1,
    sum: nothing,
    max: nothing,
    any: (flag) => flag,
    broadcast: nothing,
    gather: (part) => [part],
    gatherValues: (value) => [value],
    barrier: nothing,
  };
}

// --- internal ---

function nothing(): void {}
