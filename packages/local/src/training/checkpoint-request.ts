/** Where the checkpoints of a training job are: a folder that the program finds filled and writes to. */

export type CheckpointRequest = CheckpointFolder | CheckpointCopy;

/** A folder of this machine, made if it is missing, in which the program works itself: an end by any means loses nothing. */
export interface CheckpointFolder {
  readonly folder: string;
}

/** A copy in the job's tree. */
export interface CheckpointCopy {
  /** As the program gets it, below /opt/ml; default /opt/ml/checkpoints. */
  readonly localPath?: string | undefined;
  /** A folder whose files are there when the program starts; undefined: none. */
  readonly initial?: string | undefined;
  /**
   * Gets the folder on this machine before the program starts; what changes in it is the caller's to keep. Called for each
   * host, which has a folder of its own.
   */
  readonly onFolder: (folder: string) => void;
}
