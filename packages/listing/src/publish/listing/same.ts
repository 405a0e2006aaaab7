/** Whether a document has all that another says, as a service answers what it was given: with more members, in another order. */

/** Lists of texts have an order, lists of documents have none; a price may be a number or a text. */
export function hasAllOf(have: unknown, want: unknown): boolean {
  if (Array.isArray(want)) {
    if (!Array.isArray(have) || have.length !== want.length) return false;
    return want.every((item, i) =>
      typeof item === 'object' ? have.some((other) => hasAllOf(other, item)) : hasAllOf(have[i], item),
    );
  }
  if (typeof want === 'object' && want !== null) {
    if (typeof have !== 'object' || have === null) return false;
    return Object.entries(want).every(([name, item]) => hasAllOf(Reflect.get(have, name), item));
  }
  return have === want || (isNumber(have) && isNumber(want) && Number(have) === Number(want));
}

// --- internal ---

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value));
}
