/** The request to start a model's server, for an endpoint or a batch transform. */
import type { Program } from '../container/program.js';
import type { OnEvent } from '../events.js';

export interface ServerRequest {
  readonly program: Program;
  /** model.tar.gz, or a folder with its unpacked content; undefined: the product has its model in the image. */
  readonly model: string | undefined;
  /** Gets the container's tree below `opt/ml`. */
  readonly workDirectory: string;
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Until the first 200 of /ping; default 8 min, the platform's. */
  readonly startupTimeoutMs?: number | undefined;
  /** Between SIGTERM and SIGKILL; default 30 s, the platform's. */
  readonly stopGraceMs?: number | undefined;
  /** A file with content, which is emptied when the program starts: it says whether it has, if this process is killed. */
  readonly startMark?: string | undefined;
  /** Aborting stops the server, also while it starts: StopTransformJob. */
  readonly stop?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
}
