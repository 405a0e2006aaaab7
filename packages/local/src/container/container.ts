/**
 * One run of a program as the platform runs a container: only the variables it is given, stdout and stderr to one log,
 * SIGTERM and after a grace SIGKILL to stop it. start-container.ts has its two runners.
 */
import type { OptMl } from './opt-ml.js';
import type { Program } from './program.js';

export interface ContainerOptions {
  readonly program: Program;
  readonly command: 'train' | 'serve';
  /** The platform's variables; a runner adds what it needs to stand in for the platform, and nothing of the caller's. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the program finds at /opt/ml. */
  readonly tree: OptMl;
  /** Where a server is reached. */
  readonly port?: number | undefined;
  /** Where a server is asked to listen; default: where it likes. */
  readonly host?: string | undefined;
  /** The working directory of a process, which must exist. */
  readonly directory: string;
  /** Gets every line of both streams. */
  readonly logFile: string;
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Container {
  /** Settles when the program has ended and its output is read to the end; never rejects. */
  readonly exited: Promise<ContainerExit>;
  /** The newest lines of the log, at most 20. */
  readonly lastLines: readonly string[];
  /** SIGTERM, and SIGKILL after `graceMs`. Calling it again changes nothing. */
  stop(graceMs: number): Promise<ContainerExit>;
}

export interface ContainerExit {
  /** As a container runtime shows it: 128 + n for a program that signal n ended. */
  readonly exitCode: number;
  /** Whether SIGTERM was not enough. */
  readonly wasKilled: boolean;
  readonly seconds: number;
}
