/**
 * The order of a channel with a ShuffleConfig: of its files, or of an augmented manifest's lines. Each epoch has an order of
 * its own, and a seed has the same orders on every machine. The platform's own orders are not known.
 */
import { createCipheriv, createHash } from 'node:crypto';

const BYTES = 4;

/**
 * The items in the order of the seed and epoch (Fisher and Yates; its random numbers are AES in counter mode).
 * @param seed undefined: as they are
 */
export function shuffled<T>(items: readonly T[], seed: number | undefined, epoch: number): readonly T[] {
  if (seed === undefined || items.length < 2) return items;
  const key = createHash('sha256').update(`${seed} ${epoch}`).digest().subarray(0, 16);
  const random = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(items.length * BYTES));
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor((random.readUInt32LE(i * BYTES) / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
