/**
 * What a version offers to buyers and asks of them, aspect by aspect, as sets of names. Less of what it offers, or more of what
 * it asks, breaks what buyers have; the other way round is an addition.
 */
import type { AlgorithmDescription } from '@algo/local';
import type { Use } from '../product/schema.js';

/** A version as buyers meet it. */
export interface ProductVersion {
  readonly definition: AlgorithmDescription;
  /** The instance types of each use. */
  readonly instances: Readonly<Partial<Record<Use, readonly string[] | undefined>>>;
}

export type Level = 'major' | 'minor';

/** What makes a version differ from the one before it in the eyes of a buyer. */
export interface VersionRule {
  readonly title: string;
  readonly level: Level;
  /** What changed, as sentences without a full stop; none where nothing did. */
  find(before: ProductVersion, after: ProductVersion): readonly string[];
}

/** Names that a version has; with `other`, those of things that the other version has too. */
export type NamesOf = (version: ProductVersion, other: ProductVersion) => readonly string[];

/** Something that buyers use: a break where it is gone, an addition where it is new. */
export function offer(what: string, namesOf: NamesOf): readonly VersionRule[] {
  return [
    {
      ...{ title: `${what} is gone`, level: 'major' },
      find: (before, after) => without(namesOf(before, after), namesOf(after, before)).map((name) => `${name} is gone`),
    },
    {
      ...{ title: `${what} is new`, level: 'minor' },
      find: (before, after) => without(namesOf(after, before), namesOf(before, after)).map((name) => `${name} is new`),
    },
  ];
}

/** Something that buyers must give: a break where it is new, an addition where it is optional now. */
export function demand(what: string, namesOf: NamesOf, allOf: NamesOf): readonly VersionRule[] {
  return [
    {
      ...{ title: `${what} is required now`, level: 'major' },
      find: (before, after) =>
        without(namesOf(after, before), namesOf(before, after)).map((name) => `${name} is required now`),
    },
    {
      ...{ title: `${what} is optional now`, level: 'minor' },
      find: (before, after) =>
        without(namesOf(before, after), namesOf(after, before))
          .filter((name) => allOf(after, before).includes(name))
          .map((name) => `${name} is optional now`),
    },
  ];
}

/** Something that is one way or another: any change is a break. `undefined`: not set. */
export function setting(
  what: string,
  valuesOf: (version: ProductVersion) => ReadonlyMap<string, string | undefined>,
): VersionRule {
  return {
    ...{ title: `${what} is another`, level: 'major' },
    find(before, after) {
      const now = valuesOf(after);
      return [...valuesOf(before)]
        .filter(([name, value]) => now.has(name) && now.get(name) !== value)
        .map(([name, value]) => `${name} is ${shown(now.get(name))}; it was ${shown(value)}`);
    },
  };
}

// --- internal ---

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => !others.includes(name));
}

function shown(value: string | undefined): string {
  return value === undefined ? 'not set' : `"${value}"`;
}
