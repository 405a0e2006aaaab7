/**
 * The release notes of a version: the part of CHANGELOG.md that changesets wrote for it, as plain text, as AWS Marketplace shows
 * it. Text of product.yaml takes its place.
 */

export interface NotesRequest {
  readonly version: string;
  /** Text of CHANGELOG.md; undefined where there is none yet. */
  readonly changelog: string | undefined;
  /** That of product.yaml. */
  readonly own: string | undefined;
  readonly isFirst: boolean;
}

/** Undefined where nothing says what is new. */
export function releaseNotesOf({ version, changelog, own, isFirst }: NotesRequest): string | undefined {
  if (own !== undefined) return own;
  const part = changelog === undefined ? undefined : changelogPart(changelog, version);
  if (part !== undefined) return plainNotes(part);
  return isFirst ? 'First version.' : undefined;
}

// --- internal ---

/** What is below the heading of a version: `## 1.1.0`, or `## [1.1.0] - 2026-01-31` as Keep a Changelog writes it. */
function changelogPart(changelog: string, version: string): string | undefined {
  const parts = changelog.replaceAll('\r', '').split(/^## /m).slice(1);
  const headed = (part: string) => part.split('\n', 1)[0]!.trim();
  const isOf = (heading: string) => heading.split(/[\s\]]/)[0]!.replace(/^\[?v?/, '') === version;
  const found = parts.find((part) => isOf(headed(part)));
  return found?.replace(/^.*\n?/, '');
}

/** Without versions of libraries and changes' hashes, which are no news for a buyer, and without the headings' marks. */
function plainNotes(part: string): string {
  const text = part
    .replace(/^- Updated dependencies.*\n?(?:^ +- .*\n?)*/gm, '')
    .replace(/^- [0-9a-f]{7}: /gm, '- ')
    .replace(/^###[ \t]*$\n*/gm, '')
    .replace(/^### (.*?)\s*$\n+(?=###|(?![\s\S]))/gm, '')
    .replace(/^### (.*?)\s*$/gm, (_, heading: string) => `${heading[0]}${heading.slice(1).toLowerCase()}:`)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return text === '' ? 'It is built with newer versions of its libraries.' : text;
}
