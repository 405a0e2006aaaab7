/** A model on the backend, as a function from rows to scores. */
import type { Block } from '@algo/contract';

/** [rows × feature columns], row-major */
export type FeatureRows = Pick<Block, 'features' | 'rows'>;

/** [rows × width], row-major; whole numbers stay whole. */
export interface Scores {
  readonly values: Float32Array | Float64Array | Int32Array;
  readonly width: number;
  /** Of the model's further outputs, for the same rows, in the model's order. */
  readonly others?: readonly Omit<Scores, 'others'>[];
}

export interface Scorer {
  readonly featureCount: number;
  /** Height, width and channels where a row is an image; undefined where it is not, or nobody knows. */
  readonly imageShape?: readonly [height: number, width: number, channels: number] | undefined;
  /** Maximum batch size on the device. */
  readonly maxRows: number;
  /** Whether `score` answers synchronously, so that nothing can wait meanwhile. */
  readonly isImmediate: boolean;
  /** Products that a row takes; undefined where the model is not looked into. */
  readonly rowProducts?: number;
  /** Synchronously if the backend works in place. Not to be called again before a promise has settled. */
  score(rows: FeatureRows): Scores | Promise<Scores>;
}
