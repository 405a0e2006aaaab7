/**
 * Finds what belongs to the path of a request. Fixed paths are one look into a map. Others have one parameter, as in
 * `/models/{name}/invoke`: it is opaque text, percent-encoded, and never empty or with a slash of its own.
 */

export interface Found<T> {
  readonly value: T;
  /** What the path has in the place of `{…}`, decoded; empty for a fixed path. */
  readonly parameter: string;
}

/**
 * Looks up paths as `pathOf` gives them.
 * @param paths by their path; of those with `{…}`, the first that fits is found
 */
export function createPathTable<T>(paths: ReadonlyMap<string, T>): (path: string) => Found<T> | undefined {
  const fixed = new Map<string, Found<T>>();
  const patterns: Pattern<T>[] = [];
  for (const [path, value] of paths) {
    const [, before, after] = /^(.*)\{\w+\}(.*)$/.exec(path) ?? [];
    if (before === undefined || after === undefined) fixed.set(path, { value, parameter: '' });
    else patterns.push({ before, after, value });
  }
  return (path) => fixed.get(path) ?? findPattern(patterns, path);
}

// --- internal ---

interface Pattern<T> {
  readonly before: string;
  readonly after: string;
  readonly value: T;
}

function findPattern<T>(patterns: readonly Pattern<T>[], path: string): Found<T> | undefined {
  for (const { before, after, value } of patterns) {
    if (!path.startsWith(before) || !path.endsWith(after)) continue;
    const encoded = path.slice(before.length, path.length - after.length);
    const parameter = encoded.includes('/') ? undefined : decoded(encoded);
    if (parameter) return { value, parameter };
  }
  return undefined;
}

/** Nothing where the encoding is none of UTF-8. */
function decoded(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
