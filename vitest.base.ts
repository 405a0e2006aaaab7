/**
 * What all workspaces' test runs share. `npm test` leaves out the long runs, `*.long.test.ts`, and `npm run test:long` runs
 * only these; those that need MPI, `*.mpi.test.ts`, are run by `npm run test:mpi`. No test has a limit of its own: the one
 * limit is a guard against hangs, far beyond what a slow machine needs.
 */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Ten minutes: nothing comes near it, on one busy core either. */
const HANG_LIMIT_MS = 600_000;

/** Between two looks of `expect.poll`. */
const LOOK_MS = 20;

/** For tests, for their hooks, and for what they wait to see. */
const LIMITS = {
  ...{ testTimeout: HANG_LIMIT_MS, hookTimeout: HANG_LIMIT_MS, teardownTimeout: HANG_LIMIT_MS },
  expect: { poll: { timeout: HANG_LIMIT_MS, interval: LOOK_MS } },
};

/** Kept modules would be resolved as before when a workspace's `exports` have changed: two copies of it would be loaded. */
const fsModuleCache = false;

const LONG_RUNS = 'test/**/*.long.test.ts';
const MPI_RUNS = 'test/**/*.mpi.test.ts';
const APART = [LONG_RUNS, MPI_RUNS];
const globalSetup = join(import.meta.dirname, 'vitest.setup.ts');

interface SuiteOptions {
  readonly exclude?: string[];
  readonly fileParallelism?: boolean;
  /** False where test files may share loaded modules, which halves the work of loading them. */
  readonly isolate?: boolean;
  /** Files that run at the same time; default: one for each core but one. */
  readonly maxWorkers?: string;
}

/** Runs the files of these patterns, and nothing else. */
export function suiteOf(include: string[], options: SuiteOptions = {}) {
  return { test: { include, globalSetup, fsModuleCache, ...options, ...LIMITS } };
}

/** A workspace's tests. In the modes `long` and `mpi`, its runs of that kind, if it has any. */
export function suiteOfWorkspace(options: SuiteOptions = {}) {
  return defineConfig(
    ({ mode }) => runsApart(mode, options) ?? suiteOf(['test/**/*.test.ts'], { ...options, exclude: APART }),
  );
}

/**
 * A workspace's tests in two parts: those of `shared` take turns in one process, which loads their modules once; each other
 * file has a process of its own, as what they change is global. Runs of the modes `long` and `mpi` each have their own.
 */
export function suiteInParts(shared: string[], { maxWorkers }: Pick<SuiteOptions, 'maxWorkers'> = {}) {
  const part = (name: string, include: string[], options: SuiteOptions) => ({
    test: { name, ...suiteOf(include, options).test, globalSetup: [] },
  });
  return defineConfig(
    ({ mode }) =>
      runsApart(mode, maxWorkers ? { maxWorkers } : {}) ?? {
        test: {
          globalSetup,
          ...(maxWorkers && { maxWorkers }),
          projects: [
            part('shared', shared, { exclude: APART, isolate: false }),
            part('own', ['test/**/*.test.ts'], { exclude: [...APART, ...shared] }),
          ],
        },
      },
  );
}

/** For most of them. */
export const workspaceSuite = suiteOfWorkspace();

// --- internal ---

/** The runs of a mode that `npm test` leaves out; undefined in any other mode. */
function runsApart(mode: string, options: SuiteOptions) {
  if (mode === 'long') return longRuns(options);
  if (mode === 'mpi') return mpiRuns();
  return undefined;
}

/** They see `ALGO_LONG_RUNS` (`runs` in tests). */
function longRuns(options: SuiteOptions) {
  return { test: { ...suiteOf([LONG_RUNS], options).test, env: { ALGO_LONG_RUNS: '1' }, passWithNoTests: true } };
}

/** One after another: each has several processes, which wait for each other at full speed. */
function mpiRuns() {
  return { test: { ...suiteOf([MPI_RUNS], { fileParallelism: false }).test, passWithNoTests: true } };
}
