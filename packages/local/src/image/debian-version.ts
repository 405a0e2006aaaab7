/**
 * The order of Debian's version numbers, `[epoch:]upstream[-revision]`, as dpkg compares them.
 * Source: Debian Policy Manual, section 5.6.12; dpkg's lib/dpkg/version.c.
 */

/** Below 0 when `left` is older, above 0 when it is newer, 0 when they are the same. */
export function compareDebianVersions(left: string, right: string): number {
  const [a, b] = [split(left), split(right)];
  return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision);
}

// --- internal ---

function split(version: string) {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Parts in turn: what is no digit, character by character, then a number. */
function compareParts(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [textA, numberA] = a[i] ?? ['', 0n];
    const [textB, numberB] = b[i] ?? ['', 0n];
    const order = compareText(textA, textB) || (numberA < numberB ? -1 : numberA > numberB ? 1 : 0);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(text: string): readonly (readonly [text: string, number: bigint])[] {
  return [...text.matchAll(/(\D*)(\d*)/g)]
    .filter(([whole]) => whole !== '')
    .map(([, letters = '', digits = '']) => [letters, BigInt(digits || '0')] as const);
}

function compareText(left: string, right: string): number {
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = weight(left[i]) - weight(right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde before the end of the text, the end before letters, letters before everything else. */
function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
