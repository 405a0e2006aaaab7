/**
 * Numbers of JSON, from bytes. Usually they have at most 15 digits and a small exponent; then a division or a
 * multiplication of two exact doubles rounds once and correctly (Clinger 1990); the kernel of CSV reads the others.
 */
import { type CsvKernel, createCsvKernel } from '../csv/kernel.js';

/** What `readNumber` found; one object for all calls. `next` is where the number ends, -1 when there is none. */
const found = { value: 0, next: -1 };

/** The number that begins at `start`, by the grammar of RFC 8259: no plus sign, no leading zeros, digits after a point. */
export function readNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly value: number; readonly next: number } {
  let at = start;
  const isNegative = bytes[at] === 0x2d && at < end;
  if (isNegative) at++;
  const first = at;
  let mantissa = 0;
  let digit = digitAt(bytes, at, end);
  while (digit >= 0) {
    mantissa = mantissa * 10 + digit;
    digit = digitAt(bytes, ++at, end);
  }
  let digits = at - first;
  if (digits === 0 || (digits > 1 && bytes[first] === 0x30)) return none();
  let exponent = 0;
  if (at < end && bytes[at] === 0x2e) {
    const point = ++at;
    for (digit = digitAt(bytes, at, end); digit >= 0; digit = digitAt(bytes, ++at, end))
      mantissa = mantissa * 10 + digit;
    if (at === point) return none();
    exponent = point - at;
    digits += at - point;
  }
  if (at < end && (bytes[at]! | 0x20) === 0x65) {
    at++;
    const isDown = at < end && bytes[at] === 0x2d;
    if (isDown || (at < end && bytes[at] === 0x2b)) at++;
    const firstOfExponent = at;
    let written = 0;
    for (digit = digitAt(bytes, at, end); digit >= 0; digit = digitAt(bytes, ++at, end)) {
      written = Math.min(written * 10 + digit, MANY);
    }
    if (at === firstOfExponent) return none();
    exponent += isDown ? -written : written;
  }
  found.next = at;
  if (digits <= EXACT_DIGITS && exponent >= -22 && exponent <= 22) {
    const value = exponent < 0 ? mantissa / POWERS[-exponent]! : mantissa * POWERS[exponent]!;
    found.value = isNegative ? -value : value;
  } else {
    found.value = longNumber(bytes, start, at);
  }
  return found;
}

// --- internal ---

const EXACT_DIGITS = 15;
/** An exponent far beyond any double. */
const MANY = 1_000_000;
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Longer ones are rare, and no longer fit the part of the kernel's memory that is free. */
const KERNEL_BYTES = 1024;
let kernel:
  | { readonly parse: CsvKernel['parseDecimal']; readonly offset: number; readonly text: Uint8Array }
  | undefined;

function longNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > KERNEL_BYTES) return Number(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
  kernel ??= openKernel();
  const { parse, offset, text } = kernel;
  for (let i = start; i < end; i++) text[i - start] = bytes[i]!;
  return parse(offset, offset + end - start);
}

function openKernel(): NonNullable<typeof kernel> {
  const { parseDecimal, memory, FREE_OFFSET } = createCsvKernel();
  const offset = FREE_OFFSET.value;
  return { parse: parseDecimal, offset, text: new Uint8Array(memory.buffer, offset, KERNEL_BYTES) };
}

/** The digit at `at`, -1 for anything else. */
function digitAt(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const digit = bytes[at]! - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

function none(): typeof found {
  found.next = -1;
  return found;
}
