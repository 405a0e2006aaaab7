/** One line of the check of an image. */
export interface CheckItem {
  readonly name: string;
  /** `warning`: allowed, and worth a look; `unknown`: could not be found out. */
  readonly result: 'passed' | 'failed' | 'warning' | 'unknown';
  readonly text: string;
}
