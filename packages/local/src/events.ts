/**
 * What the library reports while it works. It never prints: a command line, a page or a test listens here.
 */

/** The platform's SecondaryStatus of a training job, in order. */
export type TrainingStatus = 'Downloading' | 'Training' | 'Stopping' | 'Uploading';

export type LocalEvent =
  /** One line of a program's log; of a training job on several hosts that of the host `algo-…`. */
  | { readonly type: 'log'; readonly line: string; readonly host?: string }
  | { readonly type: 'metric'; readonly name: string; readonly value: number }
  | { readonly type: 'training-status'; readonly status: TrainingStatus }
  /** The server answered its first /ping with 200. */
  | { readonly type: 'server-ready'; readonly url: string; readonly seconds: number }
  | {
      readonly type: 'transform-progress';
      readonly filesDone: number;
      readonly files: number;
      readonly records: number;
      readonly bytesSent: number;
      readonly bytes: number;
    }
  | { readonly type: 'step-started'; readonly algorithm: string; readonly step: string }
  | {
      readonly type: 'step-finished';
      readonly algorithm: string;
      readonly step: string;
      readonly result: 'passed' | 'failed' | 'skipped';
      readonly seconds: number;
      /** What was checked, or why it failed. */
      readonly text: string;
    };

export type OnEvent = (event: LocalEvent) => void;
