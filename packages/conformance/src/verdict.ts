/** How a check ends other than with what was received, and the words of its messages. */

/** The rule is broken; the message says what was received. */
export class Broken extends Error {}

/** There was no answer in time. */
export class TooLate extends Broken {}

/** The rule could not be tried; the message is the reason. */
export class NotTried extends Error {}

/** @throws Broken with the message, unless the condition holds */
export function hold(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new Broken(typeof message === 'string' ? message : message());
}

/** @throws NotTried with the reason, unless the condition holds */
export function need(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new NotTried(reason);
}

/** The outcome, or the broken rule as a value, for a check that has more to do then. */
export async function orBroken<T>(outcome: Promise<T>): Promise<T | Broken> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof Broken) return error;
    throw error;
  }
}

/** The start of a text, for a message: one line, at most 200 characters. */
export function excerpt(text: string | Buffer): string {
  const line = (typeof text === 'string' ? text : text.toString('utf8')).replaceAll(/\s+/g, ' ').trim();
  return line.length <= EXCERPT_CHARS ? JSON.stringify(line) : `${JSON.stringify(line.slice(0, EXCERPT_CHARS))}…`;
}

// --- internal ---

const EXCERPT_CHARS = 200;
