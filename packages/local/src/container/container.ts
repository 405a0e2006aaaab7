/**
 * One run of a program as the platform runs a container: only the variables it is given, stdout and stderr to one log,
 * and to stop it SIGTERM, then SIGKILL after a grace period. start-container.ts has its two runners.
 */
import type { CommandLine } from './command-line.js';
import type { OptMl } from './opt-ml.js';
import type { Program } from './program.js';

export interface ContainerOptions extends CommandLine {
  readonly program: Program;
  /** The platform's variables; a runner adds those that it needs, and none of the caller's. */
  readonly environment: Readonly<Record<string, string>>;
  /** The content of /opt/ml. */
  readonly tree: OptMl;
  /** The address of a server. */
  readonly port?: number | undefined;
  /** Of a host of a cluster: the engine's arguments for its network, in place of the program's own. */
  readonly network?: readonly string[] | undefined;
  /** Where a server should listen; default: its own choice. */
  readonly host?: string | undefined;
  /** The working directory of a process, which must exist. */
  readonly directory: string;
  /** A file with content, which is emptied when the program starts: it says whether it has, if this process is killed. */
  readonly startMark?: string | undefined;
  /** Gets every line of both streams. */
  readonly logFile: string;
  /** What the file begins with: a line that is not the program's. */
  readonly logHead?: string | undefined;
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
  /** As a container runtime reports it: 128 + n for a program that was ended by signal n. */
  readonly exitCode: number;
  /** Whether SIGTERM was not enough. */
  readonly wasKilled: boolean;
  readonly seconds: number;
}
