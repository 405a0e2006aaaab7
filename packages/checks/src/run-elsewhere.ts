/** The commands of documents that run-documents.ts does not run: another part of .ci/run does, or they need more than CI has. */

/** Why a command is not run; undefined for one that is. */
export function whyNotRun(command: string): string | undefined {
  return ELSEWHERE.find(([pattern]) => pattern.test(command))?.[1];
}

// --- internal ---

const ELSEWHERE: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^npm ci && npm (test|run (validate|build))$|^npm run (samples|test:(long|clients|browser|image))|^npm test --workspace|^bash \.ci\/hosts$/,
    'a part of .ci/run itself',
  ],
  [/^npx algo up/, 'packages/cli/test: it runs until Ctrl-C'],
  [/^npx algo interrupt/, 'packages/cli/test and packages/api/test: it needs a job of "algo up"'],
  [/my-model|^npm install$/, '.ci/add-an-algorithm'],
  [/--target gpu|neural-network:gpu/, 'by hand: fetches 2.8 GB and takes 20 GB of disk'],
  [/^npx algo notebook run .*sellers.scikit/, '.ci/seller-image-notebook'],
  [/^npx algo notebook run .*notebooks.sellers|install-kernel$/, '.ci/seller-notebooks'],
  [/^npx algo notebook/, '.ci/notebooks'],
  [
    /^npx algo (publish|unpublish)|--runner sagemaker|^npx algo listing release/,
    'tests of packages/cli and packages/listing: changes an account, or the listing',
  ],
  [
    /^npx algo image|^docker build|--runner container|^npx algo conformance bring-your-own/,
    '.ci/images, which builds with algo image build',
  ],
  [/^docker (run|stop)|^curl .*:8080|--lay-out ml|line\.csv/, '.ci/images, the example with an image'],
  [/scanners/, 'by hand: .ci/images runs this test with the scanners that are there, and installs none'],
  [/^npm run bench/, 'by hand: compares speeds, so it needs a machine without other work'],
];
