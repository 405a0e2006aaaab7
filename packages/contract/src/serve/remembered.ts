/** What follows from the text of a header, kept for the next request: callers send the same few texts again and again. */

/** A caller that always sends other texts cannot make it grow beyond these. */
const MAX_TEXTS = 64;
const MAX_CHARS = 512;

/** `find`, which must depend on its text alone, called once for a text that comes often. What it throws is not kept. */
export function remembered<K extends string | undefined, V>(find: (text: K) => V): (text: K) => V {
  const known = new Map<K, V>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = find(text);
    if (text === undefined || text.length <= MAX_CHARS) {
      if (known.size >= MAX_TEXTS) known.clear();
      known.set(text, found);
    }
    return found;
  };
}
