/**
 * A column of float32 as lines of CSV, straight into bytes: the same text as `shortFloat32` gives, without a string for each
 * number. In a batch transform through trees that is what answers consist of.
 */
import { shortFloat32 } from '../float32-text.js';

/** One line for each value; all but the last end with a line feed, and it too if asked for. */
export function float32Lines(values: Float32Array, hasFinalNewline: boolean): Buffer {
  const lines = new Lines(values.length);
  for (let i = 0; i < values.length; i++) lines.add(values[i]!, values.length - i);
  return lines.finish(hasFinalNewline);
}

// --- internal ---

/** Of a line: String writes 21 digits and a sign, and less where it uses an exponent. */
const MAX_LINE_BYTES = 26;
/** What a line usually takes. */
const USUAL_LINE_BYTES = 12;
/** Any decimal of six digits survives float32, and nine distinguish every float32. */
const LEAST_DIGITS = 6;
const MOST_DIGITS = 9;
/** Magnitudes that are written here: their decimals, with up to nine digits, are integers of 32 bits. */
const SMALLEST = 1e-6;
const LIMIT = 1e6;
/** 10^e from e = 0, exact; what a number is multiplied with has at most 14 zeros. */
const POWERS = Float64Array.from({ length: 15 }, (_, e) => Number(`1e${e}`));
/** 10^(e − 6), the bounds of magnitudes from SMALLEST to LIMIT. */
const MAGNITUDES = Float64Array.from({ length: 13 }, (_, i) => Number(`1e${i - 6}`));
const [LINE_FEED, MINUS, POINT, ZERO] = [0x0a, 0x2d, 0x2e, 0x30];

class Lines {
  #bytes: Buffer;
  #length = 0;
  /** The exponent of the last number, in MAGNITUDES: the next one often has the same. */
  #magnitude = 6;

  constructor(rows: number) {
    this.#bytes = Buffer.allocUnsafeSlow(rows * USUAL_LINE_BYTES + MAX_LINE_BYTES);
  }

  /** @param left lines to come, this one among them */
  add(value: number, left: number): void {
    if (this.#length + MAX_LINE_BYTES > this.#bytes.length) this.#grow(left);
    const size = Math.abs(value);
    if (size < LIMIT && value === Math.trunc(value)) this.#decimal(value, size, 0);
    else if (size >= SMALLEST && size < LIMIT) this.#short(value, size);
    else this.#length += this.#bytes.write(String(shortFloat32(value)), this.#length, 'latin1');
    this.#bytes[this.#length++] = LINE_FEED;
  }

  finish(hasFinalNewline: boolean): Buffer {
    return this.#bytes.subarray(0, hasFinalNewline ? this.#length : Math.max(0, this.#length - 1));
  }

  /** As many digits as it takes to be read back. */
  #short(value: number, size: number): void {
    let magnitude = this.#magnitude;
    while (size >= MAGNITUDES[magnitude + 1]!) magnitude++;
    while (size < MAGNITUDES[magnitude]!) magnitude--;
    this.#magnitude = magnitude;
    const firstDecimals = LEAST_DIGITS - 1 - (magnitude - 6);
    for (let decimals = firstDecimals; decimals < firstDecimals + MOST_DIGITS - LEAST_DIGITS + 1; decimals++) {
      const power = POWERS[decimals]!;
      const scaled = Math.floor(value * power + 0.5); // Math.round, in less time
      if (Math.fround(scaled / power) !== value) continue;
      this.#decimal(value, Math.abs(scaled), decimals);
      return;
    }
    this.#length += this.#bytes.write(String(shortFloat32(value)), this.#length, 'latin1');
  }

  /** `integer` / 10^`decimals` without zeros at the end, from its last digit to its first. */
  #decimal(value: number, integer: number, decimals: number): void {
    const bytes = this.#bytes;
    if (value < 0) bytes[this.#length++] = MINUS;
    let [rest, behindPoint] = [integer | 0, decimals];
    while (behindPoint > 0 && rest % 10 === 0) {
      rest = (rest / 10) | 0;
      behindPoint--;
    }
    let digits = 1;
    while (rest >= POWERS[digits]!) digits++;
    const start = this.#length;
    const end = start + Math.max(digits, behindPoint + 1) + (behindPoint > 0 ? 1 : 0);
    let at = end - 1;
    for (let i = 0; i < behindPoint; i++) {
      bytes[at--] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
    if (behindPoint > 0) bytes[at--] = POINT;
    for (; at >= start; at--) {
      bytes[at] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
    this.#length = end;
  }

  #grow(left: number): void {
    const larger = Buffer.allocUnsafeSlow(this.#length + left * MAX_LINE_BYTES);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
