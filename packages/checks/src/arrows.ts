/**
 * Which workspace may import which. Arrows point one way: an image holds an algorithm, the contract and numerics, and the
 * tools find out about an algorithm by running its program. docs/architecture.md draws the same.
 */

/** What the sources of a workspace may import of others. Those that are left out import none. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'algorithms/*': ['packages/contract', 'packages/numerics'],
  'packages/contract': ['packages/numerics'],
  'packages/api': ['packages/local', 'packages/numerics'],
  'packages/listing': ['packages/api', 'packages/local'],
  'packages/conformance': ['packages/local'],
  'packages/cli': ['packages/api', 'packages/conformance', 'packages/listing', 'packages/local'],
  'packages/bench': ['packages/build', 'packages/numerics'],
};

/** What tests, benchmarks and scripts of any workspace may import besides: they go into no image. */
const TOOLS = ['packages/bench', 'packages/build'];

/** What the tests and scripts of a workspace are about, where that is another one. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  'packages/checks': ['packages/contract'],
  'sample-data': ['packages/local'],
};

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
  const isSource = file.startsWith(`${from}/src/`);
  if (isSource && from !== 'packages/bench' && TEST_ENTRIES.includes(specifier)) {
    return `"${specifier}" is for tests and benchmarks`;
  }
  if (from === to) return undefined;
  const allowed = ARROWS[from] ?? ARROWS[from.replace(/\/.*/, '/*')] ?? [];
  const usable = isSource ? allowed : [...allowed, ...TOOLS, ...(SUBJECTS[from] ?? [])];
  if (usable.includes(to)) return undefined;
  const named = usable.join(', ') || 'no other workspace';
  return `${isSource ? 'sources' : 'tests, benchmarks and scripts'} of ${from} may import ${named}`;
}
