/** The instances of managed spot training: nothing takes them away here but a request to do so, as a drill. */

export interface SpotInstances {
  /** A job has got an instance. */
  launch(job: string): SpotInstance;
  /**
   * Takes the instance of a job away.
   * @param waitMs until there is another one
   * @returns whether the job had one
   */
  interrupt(job: string, waitMs: number): boolean;
}

export interface SpotInstance {
  /** Aborts when the instance is taken away. */
  readonly interrupted: AbortSignal;
  /** Of an instance that was taken away: how long until there is another one. */
  readonly waitMs: number;
  /** The job needs it no more. */
  release(): void;
}

export function createSpotInstances(): SpotInstances {
  const launched = new Map<string, (waitMs: number) => void>();
  return {
    launch(job) {
      const controller = new AbortController();
      let waitMs = 0;
      launched.set(job, (ms) => {
        launched.delete(job);
        waitMs = ms;
        controller.abort();
      });
      return {
        interrupted: controller.signal,
        get waitMs() {
          return waitMs;
        },
        release: () => void launched.delete(job),
      };
    },
    interrupt(job, waitMs) {
      const take = launched.get(job);
      take?.(waitMs);
      return take !== undefined;
    },
  };
}
