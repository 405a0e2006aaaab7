/**
 * Gives a test run a temporary folder of its own, TMPDIR for its tests and the programs they start, and fails the run if
 * they leave something in it. What a killed run left is in one folder, `algo-tests-…`, in /tmp or /dev/shm.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** What Node compiled, of npm and of the programs that tests start: half of their start is compilation. */
const COMPILED = 'node-compile-cache';
/** Programs that tests bundled, to start them with less work. Each process of the run makes its own. */
const BUNDLED = 'bundled-programs';

/**
 * Files in memory, which tests make and remove with a third less of the system's time than those on a disk. A file system with
 * the option "discard" takes minutes to remove the files of an installation from its disk.
 */
const MEMORY = '/dev/shm';
/** Several times what the tests of all workspaces have there at the same time: 0.14 GB; and what the long runs have: 2 GB. */
const ROOM = 2 ** 30;
const ROOM_OF_LONG_RUNS = 4 * 2 ** 30;

/** @returns what ends the run; it throws an Error that names what is left */
export function setup({ config }: TestProject): () => void {
  const room = config.mode === 'long' ? ROOM_OF_LONG_RUNS : ROOM;
  const folder = mkdtempSync(join(canUseMemory(room) ? MEMORY : tmpdir(), 'algo-tests-'));
  // Programs that end with the run may still write what they compiled: again, until nothing is written meanwhile.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.env.TMPDIR = folder;
  process.env.NODE_COMPILE_CACHE = join(folder, COMPILED);
  return () => {
    const left = readdirSync(folder).filter((name) => name !== COMPILED && name !== BUNDLED);
    remove();
    process.once('exit', remove);
    if (left.length > 0)
      throw new Error(`The tests left ${left.join(', ')} in their temporary folder. Remove it there.`);
  };
}

// --- internal ---

/** Not where TMPDIR names another folder, nor in a container that may start no programs there. */
function canUseMemory(room: number): boolean {
  if (process.platform !== 'linux' || tmpdir() !== '/tmp') return false;
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const [, , type, options = ''] = mounts.findLast((line) => line.split(' ')[1] === MEMORY)?.split(' ') ?? [];
  if (type !== 'tmpfs' || options.split(',').some((option) => option === 'ro' || option === 'noexec')) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= room;
}
