/** An answer of a serving container. */
import type { IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The answer has more bytes than its call allows. */
export class AnswerTooLong extends Error {}
