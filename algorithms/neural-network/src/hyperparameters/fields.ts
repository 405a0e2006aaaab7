/**
 * Field types that zod does not have: lists of numbers, comma-separated or as JSON. Each is text to SageMaker and a
 * typed value to the algorithm; invalid text gets a one-sentence error.
 */
import { z } from 'zod';

/**
 * A field of numbers in one list, each within the rule.
 * @param rule ends "It must be …"
 * @param words texts that mean a certain list, such as `none` for an empty one
 */
export function numberList<W extends string = never, V = never>(
  rule: string,
  holds: (value: number) => boolean,
  words: Readonly<Record<W, V>> = {} as Readonly<Record<W, V>>,
) {
  return z.string().transform((text, context): readonly number[] | V => {
    const plain = text.trim();
    if (Object.hasOwn(words, plain)) return words[plain as W];
    const numbers = parseNumbers(plain);
    if (numbers?.every(holds)) return numbers;
    context.addIssue({ code: 'custom', message: `It must be ${rule}.` });
    return z.NEVER;
  });
}

/** Whether `value` is a whole number in [low, high]. */
export function isWhole(low: number, high: number): (value: number) => boolean {
  return (value) => Number.isInteger(value) && value >= low && value <= high;
}

// --- internal ---

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The numbers of `1,2` or `[1, 2]`; undefined for anything else, including an empty list. */
function parseNumbers(text: string): readonly number[] | undefined {
  const inner = /^\[(.*)\]$/s.exec(text)?.[1] ?? /^\((.*)\)$/s.exec(text)?.[1] ?? text;
  const parts = inner.split(',').map((part) => part.trim());
  return parts.every((part) => DECIMAL.test(part)) ? parts.map(Number) : undefined;
}
