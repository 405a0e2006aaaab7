/** The characters that JSON's grammar names. */
export const CHAR = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openList: 0x5b,
  closeList: 0x5d,
  f: 0x66,
  n: 0x6e,
  t: 0x74,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** The values that are words, by their first character. */
export const WORDS: Readonly<Record<number, string>> = { [CHAR.f]: 'false', [CHAR.n]: 'null', [CHAR.t]: 'true' };
