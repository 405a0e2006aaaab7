/**
 * Blank lines of a batch transform's records. Record by record each is a request of its own and answered by a blank line;
 * so it is within a mini-batch too, where its place in the answer is kept. Outside of batch they stay an error.
 */
import { ClientError } from '../errors.js';
import { LINE_FEED, lineAfter } from '../formats/text/lines.js';

/** A body without its blank lines. */
export interface Records {
  readonly body: Uint8Array;
  /** Blank lines by the number of rows before them, a header line among these; empty when there is none. */
  readonly blanks: ReadonlyMap<number, number>;
  /** `error` with the row or line that it names counted as in the body that was sent; a header line is no row. */
  placed(error: unknown, hasHeader: boolean): unknown;
}

/** @param hasComments whether a line that begins with `#` is no row */
export function withoutBlankLines(body: Uint8Array, hasComments: boolean): Records {
  const blanks = new Map<number, number>();
  const kept: Uint8Array[] = [];
  /** By line of the body that is left, from 0: blank lines before it. */
  const skippedBefore: number[] = [];
  let rows = 0;
  let skipped = 0;
  let keptFrom = 0;
  for (let start = 0; start < body.length; ) {
    const end = lineAfter(body, start);
    const first = firstVisible(body, start, end);
    if (first < 0) {
      blanks.set(rows, (blanks.get(rows) ?? 0) + 1);
      skipped += 1;
      if (start > keptFrom) kept.push(body.subarray(keptFrom, start));
      keptFrom = end;
    } else {
      if (!hasComments || first !== HASH) rows += 1;
      skippedBefore.push(skipped);
    }
    start = end;
  }
  if (skipped === 0) return { body, blanks, placed: (error) => error };
  kept.push(body.subarray(keptFrom));
  return { body: Buffer.concat(kept), blanks, placed: (error, hasHeader) => placed(error, skippedBefore, hasHeader) };
}

// --- internal ---

const HASH = 0x23;

/** The first byte of a line that is no blank, -1 when there is none. */
function firstVisible(body: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = body[at]!;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== LINE_FEED) return byte;
  }
  return -1;
}

function placed(error: unknown, skippedBefore: readonly number[], hasHeader: boolean): unknown {
  const place = error instanceof ClientError ? /^request (?:row|line) (\d+)/.exec(error.message) : null;
  if (!(error instanceof ClientError) || !place) return error;
  const line = Number(place[1]);
  const shown = place[0].replace(/\d+$/, String(line + (skippedBefore[line - 1 + Number(hasHeader)] ?? 0)));
  return new ClientError(error.code, shown + error.message.slice(place[0].length), { cause: error });
}
