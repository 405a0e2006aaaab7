/** Version numbers of three parts, and the one that a change asks for. Source: Semantic Versioning 2.0.0. */
import type { Level } from './aspect.js';

export type Version = readonly [major: number, minor: number, patch: number];
export type Raise = Level | 'patch' | 'none';

/** Undefined for anything but MAJOR.MINOR.PATCH. */
export function parseVersion(text: string): Version | undefined {
  const parts = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : undefined;
}

export function raised([major, minor, patch]: Version, raise: Raise): Version {
  if (raise === 'major') return [major + 1, 0, 0];
  if (raise === 'minor') return [major, minor + 1, 0];
  return raise === 'patch' ? [major, minor, patch + 1] : [major, minor, patch];
}

/** The lowest version that may follow: before 1.0.0 a break raises the minor number, an addition the patch. */
export function lowestAfter(version: Version, needed: Raise): Version {
  if (version[0] > 0) return raised(version, needed);
  const early: Record<Raise, Raise> = { major: 'minor', minor: 'patch', patch: 'patch', none: 'none' };
  return raised(version, early[needed]);
}

/** Below 0 where `a` comes first. */
export function compareVersions(a: Version, b: Version): number {
  const i = a.findIndex((part, at) => part !== b[at]);
  return i === -1 ? 0 : a[i]! - b[i]!;
}

export function versionText(version: Version): string {
  return version.join('.');
}
