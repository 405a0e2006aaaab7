/** Order of strings by their UTF-8 bytes, as S3 lists keys. JavaScript's own order differs beyond U+FFFF. */

/** Negative, 0 or positive as `a` is before, equal to or after `b`. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

// --- internal ---

/** Moves surrogates (U+D800 to U+DFFF), which encode the code points beyond U+FFFF, behind all other code units. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
