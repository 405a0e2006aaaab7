/**
 * What one host gets of a channel with S3DataDistributionType ShardedByS3Key: every n-th of its files. AWS says of n hosts that
 * each gets about one n-th; which files those are is not known. With fewer files than hosts some get none.
 */

export interface Share {
  /** Of the host, in [0, count). */
  readonly index: number;
  /** Hosts among which the channel is divided. */
  readonly count: number;
}

/** @param share undefined: everything */
export function partOf<T>(items: readonly T[], share: Share | undefined): readonly T[] {
  return share === undefined ? items : items.filter((_, index) => isOf(share, index));
}

/** Whether the item at `index` belongs to the share. */
export function isOf(share: Share | undefined, index: number): boolean {
  return share === undefined || index % share.count === share.index;
}
