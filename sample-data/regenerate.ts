/**
 * Makes the sample data of algorithms again from their source tables: inputs and profile as `prepare.ts` cuts them, then the
 * outputs, which the built algorithm gives after a training.
 *
 *   npm run samples [-- [--check] NAME…]     from the root of the repository
 *
 * Writes what differs; with `--check` it writes nothing, says what differs and where first, and exits 1. Wrong usage exits 2.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeProgram, locateProgram, readValidationProfile, validateAlgorithm } from '@algo/local';
import { readCommandLine, USAGE } from './command-line.ts';
import { type FileDifference, sampleDifferences } from './differences.ts';
import type { SampleFiles } from './sample.ts';
import { checkTypes } from './shown-types.ts';

/** What `prepare.ts` of a sample exports. */
interface Sample {
  sampleFiles(): Promise<SampleFiles>;
  /** Whether numbers of outputs may differ from machine to machine, by the profile's tolerance; else not by a byte. */
  readonly outputsVary?: boolean;
}

const root = join(import.meta.dirname, '..');
const asked = readCommandLine(process.argv.slice(2), samples());
if (asked.kind === 'help') console.log(USAGE);
else if (asked.kind === 'mistake') {
  console.error(`samples: ${asked.text}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  let differing = 0;
  for (const name of asked.names) differing += await regenerate(name, asked.isCheck);
  process.exitCode = asked.isCheck && differing > 0 ? 1 : 0;
}

// --- internal ---

/** Those that a script makes. */
function samples(): readonly string[] {
  return readdirSync(import.meta.dirname).filter((name) => existsSync(scriptOf(name)));
}

function scriptOf(name: string): string {
  return join(import.meta.dirname, name, 'prepare.ts');
}

/** How many files differ. @throws Error when the algorithm does not answer */
async function regenerate(name: string, isCheck: boolean): Promise<number> {
  const { sampleFiles, outputsVary = false } = (await import(scriptOf(name))) as Sample;
  const work = mkdtempSync(join(tmpdir(), 'algo-samples-'));
  try {
    const made = join(work, name);
    for (const [path, content] of await sampleFiles()) {
      mkdirSync(dirname(join(made, path)), { recursive: true });
      writeFileSync(join(made, path), content);
    }
    const tolerance = await addOutputs(name, made, join(work, 'validation'));
    const committed = join(import.meta.dirname, name);
    const differences = sampleDifferences(committed, made, outputsVary ? tolerance : undefined);
    for (const difference of differences) {
      const path = `sample-data/${name}/${difference.path}`;
      if (isCheck) console.log(`${path} ${difference.text}`);
      else console.log(`${settle(difference, committed, made)} ${path}`);
    }
    if (differences.length === 0) console.log(`sample-data/${name} is as it is made`);
    return differences.length;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes the outputs into the sample. @returns the relative tolerance of its profile */
async function addOutputs(name: string, sampleData: string, directory: string): Promise<number> {
  const program = locateProgram(join(root, 'algorithms', name));
  const description = await describeProgram(program);
  const { moreTransformJobs, transformJob, realTime, relativeTolerance } = await readValidationProfile(sampleData);
  const batches = transformJob ? [transformJob, ...moreTransformJobs] : moreTransformJobs;
  checkTypes(name, description, { 'batch transform': batches, 'real-time request': realTime });
  const { cause } = await validateAlgorithm({ program, description, sampleData, directory, isUpdate: true });
  if (cause !== undefined) throw new Error(`${name}: ${cause}`);
  return relativeTolerance;
}

/** What it did. */
function settle({ path, isStale }: FileDifference, committed: string, made: string): 'removed' | 'wrote' {
  const target = join(committed, path);
  if (isStale) {
    rmSync(target);
    return 'removed';
  }
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(made, path), target);
  return 'wrote';
}
