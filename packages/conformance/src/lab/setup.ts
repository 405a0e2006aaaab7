/** What all runs of a check share. */
import type { Program } from '@algo/local';
import type { Limits } from './limits.js';

export interface Setup {
  readonly program: Program;
  /** Variables of every container. */
  readonly environment: Readonly<Record<string, string>>;
  /** For everything that is written; removed in the end. */
  readonly folder: string;
  readonly limits: Limits;
  readonly stop?: AbortSignal | undefined;
}
