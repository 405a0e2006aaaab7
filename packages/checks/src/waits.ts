/**
 * Finds what in a test waits for a time: what it waits for may come later on a busy machine, and sooner on an idle one. A
 * test waits for an event; or it looks again and again, with `expect.poll` or a loop, without a limit of its own. Nor has a
 * test or a hook such a limit.
 */

/** A line of a test that waits for a time. */
export interface Wait {
  readonly line: number;
  readonly text: string;
  /** What to write instead. */
  readonly instead: string;
}

/** In vitest.base.ts. */
const LIMIT_OF_ALL = 'the limit of all tests, which only a test that hangs meets';

/** The pause of a loop that looks for something has this name. */
const PAUSE = 'LOOK_MS';

const WAITS: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  {
    // vitest's limit for them is a second.
    pattern: /\bvi\.wait(?:For|Until)\(/g,
    instead: 'expect.poll, which has no limit of its own',
  },
  {
    pattern: /\bexpect\s*\.poll\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\btimeout\b/g,
    instead: 'expect.poll without a timeout',
  },
  {
    pattern: /\bawait (?:delay|sleep|setTimeout|new Promise\b[^;]*?\bsetTimeout)\((?:\w+, )?[1-9][\d_]*[,)]/g,
    instead: `an event; or, in a loop that looks for it, a pause ${PAUSE}`,
  },
  {
    // From the line that begins a test or a hook to the one that ends it, by their indentation; or that line alone.
    pattern: /^( *)(?:(?:it|test|before\w+|after\w+)\b|\]\)\().*(?:\n(?:(?!\1\S).*\n)*\1\})?, [\d_]+\);$/gm,
    instead: LIMIT_OF_ALL,
  },
  {
    pattern: /(?:\b(?:it|test)\b.*, |^ *)\{ timeout: [\d_]+ \},/gm,
    instead: LIMIT_OF_ALL,
  },
];

export function timedWaits(text: string): Wait[] {
  return WAITS.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(({ index }) => {
      const line = text.slice(0, index).split('\n').length;
      return { line, text: text.split('\n')[line - 1]!.trim(), instead };
    }),
  );
}
