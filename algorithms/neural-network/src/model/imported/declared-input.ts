/** An input as declared in the file: variable sides are undefined, and so is the whole shape if its rank is unknown. */
export interface DeclaredInput {
  readonly name: string;
  readonly dtype: string;
  /** Whole numbers that it takes, where they are fewer than the type has. */
  readonly limits?: readonly [low: number, high: number] | undefined;
  readonly shape: readonly (number | undefined)[] | undefined;
}
