/**
 * JSON Lines as server-sent events (WHATWG HTML, "Server-sent events"), for callers that read streams so: each line is
 * the data of an event.
 */

export const EVENT_STREAM = 'text/event-stream';
/** The format that can be sent so. */
export const EVENT_LINES = 'application/jsonlines';

/** @param lines whole lines, each with its line feed */
export function asEvents(lines: Buffer): Buffer {
  const texts = lines.toString().split('\n');
  return Buffer.from(texts.map((line) => (line === '' ? '' : `data: ${line}\n\n`)).join(''));
}
