/** What the shared suite is made of, and what it needs to know. */
import type { Algorithm } from '../../algorithm.js';
import { type ContainerContents, type ContainerRoot, makeContainerRoot } from '../container-root.js';
import { type Invocations, invocationsOf } from '../invoke.js';
import type { TrainingResult } from '../training.js';

/** `it` of Vitest, `test` of node:test. */
export interface RegisterTest {
  (title: string, run: () => Promise<void>): unknown;
  /** Reports a test as skipped; needed where `CheckOptions.skip` names one. */
  skip?(title: string, run: () => Promise<void>): unknown;
}

/** The minimum that the suite needs to know about an algorithm. */
export interface CheckOptions {
  readonly test: RegisterTest;
  /**
   * A job that must succeed: hyperparameters and files by channel; rows of `text/csv`, label first, unless its
   * `inputDataConfig` says otherwise. Left out for a model package.
   */
  readonly job?: ContainerContents;
  /** The model of a model package: files of /opt/ml/model by name; none where they are in the image. */
  readonly model?: Readonly<Record<string, string | Uint8Array>>;
  /** Two rows or more of features in CSV without quotes, for an algorithm that reads rows. */
  readonly rows?: string;
  /** Bodies that can be answered, for inputs of the algorithm's own, by media type. */
  readonly payloads?: Readonly<Record<string, string | Uint8Array>>;
  /** Bounds of the last value of a metric. */
  readonly metrics?: Readonly<Record<string, { readonly atMost?: number; readonly atLeast?: number }>>;
  /** Checks that do not apply, by title, each with its reason; they are reported as skipped. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** One rule, by the sentence that is its title. */
export interface Check {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** The model that all checks share: trained once, and written anew for each of them, so that none affects another. */
export interface SharedModel {
  /** The job on the sample data. @throws Error when it fails */
  trained(): Promise<TrainingResult>;
  /** Runs a check on a tree of its own that has the model. */
  withRoot<T>(run: (root: ContainerRoot) => Promise<T>): Promise<T>;
}

/** @param train the job, run when a check first needs its model; undefined: a model package with these files */
export function shareModel(
  train: (() => Promise<TrainingResult>) | undefined,
  files: NonNullable<CheckOptions['model']> = {},
): SharedModel {
  let job: Promise<TrainingResult> | undefined;
  const trained = () => {
    if (!train) throw new Error('A model package has no training job.');
    job ??= train();
    return job;
  };
  return {
    trained,
    async withRoot(run) {
      const model = train ? (await trained()).model : new Map(Object.entries(files));
      const root = makeContainerRoot();
      try {
        for (const [name, content] of model) root.write(`model/${name}`, content);
        return await run(root);
      } finally {
        root.remove();
      }
    },
  };
}

/** What makes a check that asks a server of the model, which is closed after it; `variables` are the service's. */
export function servedBy(algorithm: Algorithm, model: SharedModel) {
  return (run: (invoke: Invocations) => Promise<void>, variables?: Readonly<Record<string, string>>) => () =>
    model.withRoot(async (root) => {
      const invoke = await invocationsOf(algorithm, root, variables);
      try {
        await run(invoke);
      } finally {
        await invoke.close();
      }
    });
}
