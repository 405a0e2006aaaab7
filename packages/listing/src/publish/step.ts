/**
 * A step of publishing. It keeps nothing between runs: what there is, it finds out by asking AWS. So a run that was killed at any
 * point is carried on with by the next one.
 */

/** Hours, from the shortest to the longest; undefined: not known. */
export type Hours = readonly [shortest: number, longest: number] | undefined;

/** A machine that AWS charges for, with the longest time that it may run. */
export interface InstanceHours {
  readonly use: 'training' | 'realTime' | 'batch';
  readonly type: string;
  readonly hours: number;
}

export interface Look {
  readonly isDone: boolean;
  /** Not done, but something of it was there before: what this run makes of it is not to be removed alone. */
  readonly isPartly?: boolean;
  /** With `isDone`: neither was anything done before. */
  readonly isNeedless?: boolean;
  /** What there is, in a few words: `bucket linear-models is there`. */
  readonly text: string;
}

export interface Step {
  /** As `--step` names it. */
  readonly name: string;
  /** What it creates or changes, one thing each, as is said before it begins. None: it only looks. */
  readonly makes: readonly string[];
  readonly hours: Hours;
  /** What it runs at the account's cost. */
  readonly instances?: readonly InstanceHours[];
  /** Asks AWS, and changes nothing. Called before each run of the step, and in a dry run. */
  isDone(): Promise<Look>;
  /** Called in a dry run when it is not done: asks the service whether it would take it. @returns its answer, in a few words */
  rehearse?(): Promise<string>;
  /**
   * Called when it is not done. May be called again after it was killed at any point. What it creates has the marks of
   * `publish` from the request that creates it on, or is recognised by its content.
   * @returns what it did, in a few words
   * @throws JobError where AWS or a result is not as it must be
   */
  do(): Promise<string>;
}
