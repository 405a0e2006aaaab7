/** What came before this version: the changelog, the published version, and the raise that changesets ask for. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type AlgorithmDescription, ArgumentError, messageOf, textOf } from '@algo/local';
import type { Product } from '../product/schema.js';
import { pendingRaise } from './changesets.js';
import { type Change, changesBetween, neededRaise } from './compare.js';
import { instancesOf, PUBLISHED_FILE, type Published, parsePublished } from './published.js';
import { compareVersions, lowestAfter, parseVersion, type Raise, raised, versionText } from './version-number.js';

export interface History {
  /** As messages name it. */
  readonly publishedFile: string;
  /** Undefined for a product without a published version, or where the file has a problem. */
  readonly published: Published | undefined;
  readonly publishedProblem: string | undefined;
  /** As messages name it. */
  readonly changelogFile: string;
  readonly changelog: string | undefined;
  readonly pending: Raise;
}

/** @param folder of the algorithm */
export function readHistory(folder: string, from: string): History {
  const changelog = join(folder, 'CHANGELOG.md');
  const published = join(folder, 'listing', PUBLISHED_FILE);
  const publishedFile = relative(from, published);
  return {
    ...{ publishedFile, ...readPublished(published, publishedFile), pending: pendingRaise(folder) },
    changelogFile: relative(from, changelog),
    changelog: existsSync(changelog) ? textOf(readFileSync(changelog), relative(from, changelog)) : undefined,
  };
}

export interface VersionReport {
  readonly before: string;
  /** That of the definition, raised by the changesets that wait. */
  readonly after: string;
  readonly pending: Raise;
  readonly changes: readonly Change[];
  readonly needed: Raise;
  /** Why `after` cannot be the version of these changes; undefined where it can. */
  readonly problem: string | undefined;
}

/** This version compared with one that was published. */
export function reportVersion(
  published: Published,
  { definition, product, pending }: { definition: AlgorithmDescription; product: Product; pending: Raise },
): VersionReport {
  const changes = changesBetween(published, { definition, instances: instancesOf(product) });
  const needed = neededRaise(changes);
  const before = published.definition.Version;
  const [from, now] = [parseVersion(before), parseVersion(definition.Version)];
  const report = { before, pending, changes, needed };
  if (!from || !now) {
    const received = from ? definition.Version : before;
    return { ...report, after: definition.Version, problem: `must be MAJOR.MINOR.PATCH; received "${received}"` };
  }
  const after = raised(now, pending);
  const lowest = lowestAfter(from, needed);
  const isEnough = compareVersions(after, lowest) >= 0;
  return { ...report, after: versionText(after), problem: isEnough ? undefined : tooLow(report, after, lowest) };
}

// --- internal ---

type Numbers = NonNullable<ReturnType<typeof parseVersion>>;

function tooLow(
  { before, pending, changes, needed }: Omit<VersionReport, 'after' | 'problem'>,
  after: Numbers,
  lowest: Numbers,
) {
  const raise = pending === 'none' ? 'without a changeset' : `with the changesets, which are ${pending}`;
  const why =
    needed === 'none'
      ? `${before} is published`
      : `${needed === 'major' ? 'what changed breaks buyers' : 'buyers get more'} since ${before}: ${changes
          .filter(({ level }) => level === needed)
          .map(({ text }) => text)
          .join('; ')}`;
  return `must be ${versionText(lowest)} or higher; it is ${versionText(after)} ${raise}, and ${why}`;
}

function readPublished(path: string, file: string): Pick<History, 'published' | 'publishedProblem'> {
  const none = { published: undefined, publishedProblem: undefined };
  if (!existsSync(path)) return none;
  try {
    return { published: parsePublished(textOf(readFileSync(path), file), file), publishedProblem: undefined };
  } catch (error) {
    if (error instanceof ArgumentError) return { ...none, publishedProblem: messageOf(error) };
    throw error;
  }
}
