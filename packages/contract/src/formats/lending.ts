/**
 * Blocks of requests whose arrays are in memory that the next request uses again. Whoever is done with the rows gives them
 * back; without that the memory is not used again, and freed with the block.
 */

/** Notes how the arrays of `block` are used again. */
export function lend<B extends object>(block: B, takeBack: () => void): B {
  lent.set(block, takeBack);
  return block;
}

/** The arrays of `block` will not be looked at any more. Does nothing for a block with arrays of its own. */
export function giveBack(block: object | undefined): void {
  if (block === undefined) return;
  lent.get(block)?.();
  lent.delete(block);
}

// --- internal ---

const lent = new WeakMap<object, () => void>();
