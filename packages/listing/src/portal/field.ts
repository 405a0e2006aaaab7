/** A field of the portal's form: what to paste, or what is missing. */

export interface Field {
  readonly name: string;
  /** Undefined: nothing to paste. */
  readonly text?: string | undefined;
  /** Of the text, in characters. */
  readonly limit?: number;
  /** What to choose or do, in place of a text or with it. */
  readonly note?: string;
  /** Where to write what is missing; undefined for a field that may stay empty. */
  readonly missing?: string;
  /** The option of `algo listing` that gives it, in the place of `missing`. */
  readonly missingOption?: string;
}

export interface Section {
  readonly title: string;
  readonly fields: readonly Field[];
}
