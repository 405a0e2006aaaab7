/**
 * 100 Continue to a caller that waits for it before it sends its body (RFC 9110, 10.1.1), when it is its turn: where an answer
 * before it is due, Node would write the line into the body of the answer that follows.
 */
import type { ServerResponse } from 'node:http';

export function askForBody(response: ServerResponse): void {
  if (response.socket) response.writeContinue();
  else {
    response.once('socket', () => {
      if (!response.headersSent && !response.req.complete) response.writeContinue();
    });
  }
}
