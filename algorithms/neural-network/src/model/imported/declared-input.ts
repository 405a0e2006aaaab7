/** An input as the file has it: sides are undefined when they are open, the whole shape when its rank is. */
export interface DeclaredInput {
  readonly name: string;
  readonly dtype: string;
  /** Whole numbers that it takes, where they are fewer than the type has. */
  readonly limits?: readonly [low: number, high: number] | undefined;
  readonly shape: readonly (number | undefined)[] | undefined;
}
