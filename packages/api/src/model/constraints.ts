/**
 * The constraints of one value, in the words in which AWS's services say them: "Member must satisfy …". The words are those
 * of errors that real services have given.
 */
import { compilePattern } from './pattern.js';
import type { Shape } from './service-model.js';

/** Every constraint of the shape; AWS lists them all where an item of a list or map breaks one. */
export function allConstraints(shape: Shape): readonly string[] {
  return [
    ...(shape.max === undefined ? [] : [sizeText(shape, 'less', shape.max)]),
    ...(shape.min === undefined ? [] : [sizeText(shape, 'greater', shape.min)]),
    ...(shape.enum ? [enumText(shape.enum)] : []),
    ...(shape.pattern === undefined ? [] : [patternText(shape.pattern)]),
  ];
}

/** Those constraints of the shape that the value breaks. Only constraints of its own, not of its members. */
export function brokenConstraints(shape: Shape, value: unknown): readonly string[] {
  const size = sizeOf(shape, value);
  const isTooLarge = shape.max !== undefined && size > shape.max;
  const broken: string[] = [];
  if (isTooLarge) broken.push(sizeText(shape, 'less', shape.max));
  if (shape.min !== undefined && size < shape.min) broken.push(sizeText(shape, 'greater', shape.min));
  if (typeof value !== 'string') return broken;
  if (shape.enum && !shape.enum.includes(value)) broken.push(enumText(shape.enum));
  // A value of any length could make a pattern take long.
  if (shape.pattern !== undefined && !isTooLarge && !compilePattern(shape.pattern).test(value)) {
    broken.push(patternText(shape.pattern));
  }
  return broken;
}

// --- internal ---

/** Characters of a string, items of a list or map, a number itself. */
function sizeOf({ type }: Shape, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return type === 'blob' ? Buffer.byteLength(value, 'base64') : characters(value);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

/** Code points; a string's length counts some characters twice. */
function characters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) if (text.codePointAt(i)! > 0xffff) count--;
  return count;
}

function sizeText({ type }: Shape, side: 'less' | 'greater', limit: number): string {
  const what = type === 'string' || type === 'blob' || type === 'list' || type === 'map' ? 'length' : 'value';
  return `Member must have ${what} ${side} than or equal to ${limit}`;
}

function enumText(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${values.join(', ')}]`;
}

function patternText(pattern: string): string {
  return `Member must satisfy regular expression pattern: ${pattern}`;
}
