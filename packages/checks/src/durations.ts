/**
 * Finds tests that compare a duration: on a busy machine such a test fails without a fault. Text is enough for it: what the
 * clock gave, and what was computed from that, must not be in an `expect`; nor must a measured time, by its name, be held
 * against any number but 0.
 */

/** A line of a test that compares a duration. */
export interface Comparison {
  readonly line: number;
  readonly text: string;
}

const CLOCK = String.raw`\b(?:Date\.now|performance\.now|performance\.measure|process\.hrtime(?:\.bigint)?|process\.uptime)\(`;
const ASSIGNMENT = /\b(?:const|let)\s+(\w+)\s*(?::[^=]+)?=\s*([^;]*);/g;
const MEASURED = /(?:seconds|milliseconds|elapsed|duration|took)\w*!?$/i;
const COMPARING =
  /^\.(?:not\.)?(?:toBeLessThan|toBeGreaterThan|toBeLessThanOrEqual|toBeGreaterThanOrEqual|toBeCloseTo)\(/;

export function comparedDurations(text: string): Comparison[] {
  const found: Comparison[] = [];
  for (const { start, subject, rest } of expectations(text)) {
    const fromClock = namesFromClock(text.slice(0, start));
    const isClock = fromClock.test(subject) || fromClock.test(rest);
    const isMeasured = MEASURED.test(subject.trim()) && COMPARING.test(rest) && !/\(0\)$/.test(rest);
    if (!isClock && !isMeasured) continue;
    const line = text.slice(0, start).split('\n').length;
    found.push({ line, text: text.split('\n')[line - 1]!.trim() });
  }
  return found;
}

// --- internal ---

/** The clock itself, and every variable that is computed from it, however many steps away, up to a place in the text. */
function namesFromClock(text: string): RegExp {
  const names = new Set<string>();
  for (const [, name, value] of text.matchAll(ASSIGNMENT)) {
    const isFromClock = patternOf(names).test(value!) && !value!.includes('=>');
    // A name of an earlier test may be used again.
    if (isFromClock) names.add(name!);
    else names.delete(name!);
  }
  return patternOf(names);
}

function patternOf(names: ReadonlySet<string>): RegExp {
  return new RegExp([CLOCK, ...[...names].map((name) => String.raw`(?<![.\w])${name}\b`)].join('|'));
}

/** Every `expect(subject)` with its matcher and what that is given. */
function* expectations(text: string): Generator<{ start: number; subject: string; rest: string }> {
  for (const { index } of text.matchAll(/\bexpect\(/g)) {
    const end = closing(text, index + 'expect'.length);
    const matcher = text.slice(end + 1).search(/\(/);
    const close = matcher < 0 ? end : closing(text, end + 1 + matcher);
    yield { start: index, subject: text.slice(index + 'expect('.length, end), rest: text.slice(end + 1, close + 1) };
  }
}

/** The place of the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return text.length;
}
