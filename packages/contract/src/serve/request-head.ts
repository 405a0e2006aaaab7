/** Heads of requests that a server must refuse, though Node's parser lets them pass. */
import type { IncomingMessage } from 'node:http';
import { ClientError } from '../errors.js';
import { type Answer, errorAnswer, shorten } from './message.js';

/** Whether a Host is a host, or nothing, with or without a port. RFC 9110, 7.2; RFC 3986, 3.2.2. */
export function isHost(value: string): boolean {
  return HOST.test(value);
}

/**
 * RFC 9112: 2.3 another version, 3.2 no Host, a second one or none that is a host, 6.1 a transfer coding that is unknown or of HTTP/1.0;
 * RFC 9110, 10.1.1: such an expectation.
 */
export function problemOfHead({ rawHeaders, headers, httpVersion }: IncomingMessage): Answer | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    const message = `The request must be HTTP/1.1 or HTTP/1.0; received HTTP/${httpVersion}.`;
    return errorAnswer(new ClientError('E_REQUEST_BODY', message), 505);
  }
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.toLowerCase() === 'host') hosts += 1;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    return errorAnswer(new ClientError('E_REQUEST_BODY', `The request must have one Host header; received ${hosts}.`));
  }
  const { expect, host = '' } = headers;
  if (!isHost(host)) {
    const message = `Header Host must be a host, with or without a port; received "${shorten(host)}".`;
    return errorAnswer(new ClientError('E_REQUEST_BODY', message));
  }
  if (expect !== undefined && httpVersion === '1.1' && expect.trim().toLowerCase() !== '100-continue') {
    const message = `Header Expect must be 100-continue; received "${shorten(expect)}".`;
    return errorAnswer(new ClientError('E_REQUEST_BODY', message), 417);
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && httpVersion === '1.0') {
    const message = 'Header Transfer-Encoding must not be in a request of HTTP/1.0, which has no such header.';
    const answer = errorAnswer(new ClientError('E_REQUEST_BODY', message));
    return { ...answer, headers: { ...answer.headers, Connection: 'close' } };
  }
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return undefined;
  const message = `Header Transfer-Encoding must be chunked; received "${shorten(coding)}".`;
  return errorAnswer(new ClientError('E_REQUEST_BODY', message), 501);
}

// --- internal ---

const HOST = /^(?:\[[\w.:~%-]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;
