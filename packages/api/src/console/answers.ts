/** What the console's routes answer, as its service writes it and its page reads it: types alone, for both. */
import type { Reading } from '../metrics/reading.js';
import type { RecordHead } from '../store/record.js';

/** A resource as lists show it. Members that a kind does not have are null. Times are in seconds since 1970. */
export interface Row extends RecordHead {
  /** When it began to run, and when it ended. */
  readonly started: number | null;
  readonly ended: number | null;
  /** The secondary status of a job. */
  readonly phase: string | null;
  /** What it is made from: an algorithm, an image, a model, a configuration. */
  readonly source: string | null;
  readonly failure: string | null;
  /** The tuning job that started it. */
  readonly parent: string | null;
}

/** The event `changes`; the event `snapshot` is a list of rows. */
export interface ChangeEvent {
  readonly rows: readonly Row[];
  readonly removed: readonly Pick<Row, 'kind' | 'name'>[];
  readonly logs: readonly { readonly group: string; readonly stream: string }[];
}

/** Of `output`. */
export interface OutputPage {
  /** The id, the time in milliseconds since 1970, the text. */
  readonly lines: readonly (readonly [id: number, at: number, text: string])[];
  /** The id, the metric, the time in seconds since 1970, the value. */
  readonly values: readonly (readonly [id: number, metric: string, at: number, value: number])[];
  /** Whether there are lines before these, which a page that starts does not get. */
  readonly isCut: boolean;
  /** Whether there is more after these: ask again. */
  readonly hasMore: boolean;
}

/** Of `container-metrics`: what was read of one container that is observed. */
export interface ContainerMetrics {
  readonly variant: string;
  /** `primary`, or of several the hostname. */
  readonly container: string;
  /** Oldest first; none where the container has no metrics. */
  readonly readings: readonly Reading[];
}

/** Of `samples`: a request that an algorithm can be tried with. */
export interface Sample {
  readonly name: string;
  readonly contentType: string;
  readonly accept: string;
}
