/**
 * The parts of a libsvm line: what separates them, and the numbers that they are. A carriage return separates only before
 * a line feed.
 */
import { CARRIAGE_RETURN, HASH, LINE_FEED, SPACE, TAB } from '../characters';
import { isNumber, parseDecimal } from '../csv/decimal';
import { quickNumber, quickValue } from '../csv/quick';

/** What `number` found: where the token ends, and whether it is a number. */
export let next: usize = 0;
export let isValue: bool = false;

/** The number that the token at `p` is; sets `isValue` and `next`. */
export function number(p: usize): f64 {
  const stop = quickNumber(p);
  if (stop && endsToken(stop)) {
    next = stop;
    isValue = true;
    return quickValue;
  }
  next = tokenEnd(p);
  const value = parseDecimal(p, next);
  isValue = isNumber;
  return value;
}

export function tokenEnd(p: usize): usize {
  while (!endsToken(p)) p++;
  return p;
}

/** Where the line ends, behind its line feed. */
export function afterLine(p: usize): usize {
  while (load<u8>(p) != LINE_FEED) p++;
  return p + 1;
}

// @ts-ignore: decorator
@inline
export function endsToken(p: usize): bool {
  const char = load<u8>(p);
  return char == SPACE || char == TAB || char == HASH || atLineEnd(p);
}

/** Whether the line ends at `p`. */
// @ts-ignore: decorator
@inline
export function atLineEnd(p: usize): bool {
  const char = load<u8>(p);
  return char == LINE_FEED || (char == CARRIAGE_RETURN && load<u8>(p + 1) == LINE_FEED);
}

// @ts-ignore: decorator
@inline
export function skipBlanks(p: usize): usize {
  while (load<u8>(p) == SPACE || load<u8>(p) == TAB) p++;
  return p;
}
