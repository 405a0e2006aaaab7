/** One model of a multi-model endpoint: whether it is loaded, and who has it. */

export interface TargetModel {
  readonly target: string;
  /** As the container knows it. */
  readonly name: string;
  readonly path: string;
  state: 'loading' | 'waiting' | 'loaded';
  /** Settles when it is loaded. @throws why it is not */
  loading: Promise<void>;
  /** The same, without throwing. */
  settled: Promise<void>;
  /** Requests that have it or wait for it. */
  openCount: number;
  /** Settles when no request has it. */
  released(): Promise<void>;
  wake(): void;
}

export function createModel(target: string, name: string): TargetModel {
  let waiters: (() => void)[] = [];
  return {
    ...{ target, name, path: `/models/${name}`, state: 'loading', openCount: 0 },
    ...{ loading: Promise.resolve(), settled: Promise.resolve() },
    released: () => new Promise((resolve) => waiters.push(resolve)),
    wake() {
      for (const resolve of waiters) resolve();
      waiters = [];
    },
  };
}

/** Whether it will be there to be unloaded. */
export function isBusy({ state, openCount }: TargetModel): boolean {
  return state === 'loading' || (state === 'loaded' && openCount > 0);
}
