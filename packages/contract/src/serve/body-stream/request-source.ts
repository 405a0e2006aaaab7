/** The body of a request on a socket, read as it is asked for, so that its sender waits while nobody asks. */
import type { IncomingMessage } from 'node:http';
import { ClientError } from '../../errors.js';
import type { BodySource } from './body-parts.js';

/** @param idleMs how long nothing may come while something is asked for */
export function requestSource(request: IncomingMessage, idleMs: number): BodySource {
  let wake = () => {};
  let isEnded = false;
  const onChange = () => wake();
  request.on('close', onChange).on('end', () => {
    isEnded = true;
    wake();
  });
  return {
    async next() {
      for (;;) {
        const bytes: Buffer | null = request.read();
        if (bytes) return bytes;
        if (isEnded) return undefined;
        if (request.destroyed) throw new ClientError('E_REQUEST_BODY', 'The caller left before the end of the body.');
        // With a listener left behind, what nobody asks for could not be read away.
        request.once('readable', onChange);
        await changed(idleMs, (resolve) => {
          wake = resolve;
        }).finally(() => request.off('readable', onChange));
      }
    },
  };
}

// --- internal ---

async function changed(idleMs: number, onWake: (resolve: () => void) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  onWake(resolve);
  const rule = `The body must not pause for longer than ${idleMs / 1000} s; it did.`;
  const timer = setTimeout(() => reject(new ClientError('E_REQUEST_BODY', rule)), idleMs);
  await promise.finally(() => clearTimeout(timer));
}
