/** How a training job is ended before its time. */
export interface TrainingControl {
  /** Between SIGTERM and SIGKILL; default 120 s, the platform's. */
  readonly stopGraceMs?: number | undefined;
  /** Aborting is StopTrainingJob. While the results are packed, that may take `stopGraceMs` longer; then there are none. */
  readonly stop?: AbortSignal | undefined;
  /** Aborting takes the instance away: the program is stopped, and nothing but its checkpoints is kept. */
  readonly interrupt?: AbortSignal | undefined;
  /** Aborting ends the packing of the results immediately; the job then throws. The caller stops the program. */
  readonly abandon?: AbortSignal | undefined;
}
