/** What all runs of a check share. */
import { isImageProgram, type Program } from '@algo/local';
import type { Limits } from './limits.js';

export interface Setup {
  /** Replaced by one with a writable root file system where an image needs it. */
  program: Program;
  /** Variables of every container. */
  readonly environment: Readonly<Record<string, string>>;
  /** For everything that is written; removed in the end. */
  readonly folder: string;
  readonly limits: Limits;
  readonly stop?: AbortSignal | undefined;
}

/**
 * Runs something again with a writable root file system where it does not work with a read-only one, and keeps it writable if
 * that helps: the rule about it is then broken, and the others can be tried.
 */
export async function withEnoughRoot<T>(
  setup: Setup,
  run: () => Promise<T>,
  works: (outcome: T) => boolean,
): Promise<T> {
  const outcome = await run();
  const { program } = setup;
  if (works(outcome) || !isImageProgram(program) || program.limits.hasWritableRoot) return outcome;
  setup.program = { ...program, limits: { ...program.limits, hasWritableRoot: true } };
  const again = await run();
  if (works(again)) return again;
  setup.program = program;
  return outcome;
}
