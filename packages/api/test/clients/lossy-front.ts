/**
 * A bad network in front of the API: a request reaches it, and the answer to a client's first attempt is lost. What is made
 * by a request must then not be made again by the second attempt, which has the same idempotency token.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LossyFront {
  readonly url: string;
  close(): Promise<void>;
}

/** @param target URL of the API */
export async function startLossyFront(target: string): Promise<LossyFront> {
  const server = createServer((incoming, outgoing) => relay(target, incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

// --- internal ---

function relay(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const lose = () => incoming.socket.destroy();
  // As AWS's clients count: amz-sdk-request: attempt=1; max=3
  const isFirst = /^attempt=1\b/.test(String(headers['amz-sdk-request']));
  const onward = request(new URL(incoming.url!, target), {
    method,
    headers: { ...headers, host: new URL(target).host },
  });
  onward.once('error', lose);
  onward.once('response', (answer) => {
    if (isFirst) {
      answer.resume().once('end', lose);
    } else {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    }
  });
  incoming.pipe(onward);
}
