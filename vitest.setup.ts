/**
 * Gives a test run a temporary folder of its own, TMPDIR for its tests and the programs they start, and fails the run if
 * they leave something in it. What a killed run left is in one folder, `algo-tests-…`.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Node compiled, of npm and of the programs that tests start: half of their start is compilation. */
const COMPILED = 'node-compile-cache';
/** Programs that tests bundled, to start them with less work. Each process of the run makes its own. */
const BUNDLED = 'bundled-programs';

/** @returns what ends the run; it throws an Error that names what is left */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'algo-tests-'));
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
