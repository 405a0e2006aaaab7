/**
 * AWS's patterns as expressions of JavaScript. They match the whole value, and a few are written in Java's way or with a
 * slip; a test compiles all of the tables'.
 */

const REWRITTEN: readonly (readonly [RegExp, string])[] = [
  [/^\\p\{Print\}\+$/, String.raw`[\x20-\x7E]+`], // PolicyName, the one class of POSIX outside of brackets
  [/\\p\{Alnum\}/g, 'A-Za-z0-9'],
  [/\\p\{Print\}/g, String.raw`\x20-\x7E`],
  [/\\A/g, '^'],
  [/\\z/g, '$'],
  [/(?<!\\)\\-/g, String.raw`\x2D`], // outside of brackets it needs no escape, and with the flag `u` may have none
  [/\*\)\$\{(\d+,\d+)\}$/, '){$1}'], // CustomerMetadataKey and -Value: `([…]*)${1,128}`, which means the size
];

const compiled = new Map<string, RegExp>();

/** @throws SyntaxError for a pattern that is no expression of JavaScript even so */
export function compilePattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const source = REWRITTEN.reduce((text, [from, to]) => text.replace(from, to), pattern);
  const expression = new RegExp(`^(?:${source})$`, 'u');
  compiled.set(pattern, expression);
  return expression;
}
