/** What the shared suite is made of, and what it needs to know. */
import type { ContainerContents } from '../container-root.js';

/** The least that the suite needs to know of an algorithm. */
export interface CheckOptions {
  /** Registers one check: `it` of Vitest, `test` of node:test. */
  readonly test: (title: string, run: () => Promise<void>) => void;
  /** A job that must succeed: hyperparameters and, by channel, files of `text/csv`, label first. */
  readonly job: ContainerContents;
  /** At least two rows of features in CSV, for inference. */
  readonly rows: string;
  /** Bounds of the last value of a metric. */
  readonly metrics?: Readonly<Record<string, { readonly atMost?: number; readonly atLeast?: number }>>;
  /** Checks that do not apply, each with its reason; the reason stands in the test's title. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** One rule, by the sentence that is its title. */
export interface Check {
  readonly title: string;
  readonly run: () => Promise<void>;
}
