/** The files of a checkpoint directory, as the job that reads and writes them sees them. */
import type { CheckpointIdentity } from './envelope.js';

/** What was found under a name. */
export interface FoundCheckpoint {
  readonly content: Buffer;
  /** How many hosts the job had that wrote it. */
  readonly hostCount: number;
}

/**
 * One checkpoint a name: each write makes a file `<name>.<number>`, of a host among several `<name>.<host>.<number>`, and
 * the one before it stays. Older ones are removed, unless they are being uploaded.
 */
export interface CheckpointFiles {
  /** Whether the job asked for checkpoints; without, `write` does nothing and `read` finds nothing. */
  readonly isEnabled: boolean;
  /** @param identity what must be the same in the job that resumes, by name */
  write(name: string, content: Uint8Array | string, identity?: CheckpointIdentity): void;
  /**
   * The newest whole content under `name`, or undefined when there is none: on a first start, or where all that is there
   * is damaged, which the log then says.
   * @throws ClientError E_CHECKPOINT when what is there is another job's, naming what differs; also that of a job on several
   *   hosts for a job on one, and the other way round
   */
  read(name: string, identity?: CheckpointIdentity): Buffer | undefined;
}

/** As jobs look at them that need to know where a checkpoint comes from. */
export interface SearchedFiles extends CheckpointFiles {
  /** As `read`. */
  find(name: string, identity: CheckpointIdentity): FoundCheckpoint | undefined;
}
