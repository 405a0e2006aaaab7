/**
 * Records that are laid out alike: writers of dense rows make the same bytes around the numbers of each. What was read of one
 * record by its fields is read of the next by its positions, where all bytes but those of the numbers are the same.
 */

/** Numbers in a row: 4 bytes each, from `start` of the record on. */
export interface Run {
  readonly start: number;
  readonly count: number;
}

const NUMBER_BYTES = 4;

export class SameLayout {
  /** The last record that was read by its fields. */
  #record: Uint8Array = new Uint8Array(0);
  #length = -1;
  features: Run = { start: 0, count: 0 };
  label: Run = { start: 0, count: 0 };

  /** Remembers the record in [start, end) of `bytes`, whose features come before its label. */
  note(bytes: Uint8Array, start: number, end: number, features: Run, label: Run): void {
    const length = end - start;
    if (this.#record.length < length) this.#record = new Uint8Array(length);
    this.#record.set(bytes.subarray(start, end));
    this.#length = length;
    this.features = features;
    this.label = label;
  }

  /** Whether the record in [start, end) of `bytes` has its numbers where the noted one had them. */
  holds(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== this.#length) return false;
    const { features, label } = this;
    const featuresEnd = features.start + NUMBER_BYTES * features.count;
    const labelEnd = label.start + NUMBER_BYTES * label.count;
    return (
      this.#isSame(bytes, start, 0, features.start) &&
      this.#isSame(bytes, start, featuresEnd, label.start) &&
      this.#isSame(bytes, start, labelEnd, this.#length)
    );
  }

  #isSame(bytes: Uint8Array, start: number, from: number, to: number): boolean {
    const record = this.#record;
    for (let i = from; i < to; i++) if (bytes[start + i] !== record[i]) return false;
    return true;
  }
}
