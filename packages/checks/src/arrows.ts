/**
 * Which workspace may import which. Arrows point one way: an image holds an algorithm, the contract and numerics, and the
 * tools find out about an algorithm by running its program. The same is drawn in docs/architecture.md.
 */

/** What the sources of a workspace may import; those that are not named here import no other. */
const SOURCES: readonly [workspace: RegExp, mayImport: readonly string[]][] = [
  [/^algorithms\//, ['packages/contract', 'packages/numerics']],
  [/^packages\/contract$/, ['packages/numerics']],
  [/^packages\/cli$/, ['packages/local']],
  [/^packages\/bench$/, ['packages/build']],
];

/** What everything that goes into no image and is not published may import besides: tests, benchmarks and scripts. */
const TOOLS = ['packages/bench', 'packages/build'];

/** Parts of a package that are for tests and benchmarks only. */
const TEST_ENTRIES = ['@algo/contract/testing'];

/**
 * Why a file may not import from a workspace; undefined where it may.
 * @param file from the root of the repository
 * @param from and `to`: folders of workspaces, such as `packages/contract`
 * @param specifier as it is imported
 */
export function whyNot(file: string, from: string, to: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return 'another workspace is imported by the name of its package';
  const isSource = file.startsWith(`${from}/src/`) && from !== 'packages/bench';
  if (isSource && TEST_ENTRIES.includes(specifier)) return `"${specifier}" is for tests and benchmarks`;
  if (from === to) return undefined;
  const allowed = SOURCES.find(([pattern]) => pattern.test(from))?.[1] ?? [];
  if (allowed.includes(to) || (!isSource && TOOLS.includes(to))) return undefined;
  const named = [...allowed, ...(isSource ? [] : TOOLS)].join(', ') || 'no other workspace';
  return `${isSource ? 'sources' : 'tests, benchmarks and scripts'} of ${from} may import ${named}`;
}
