/** Amazon S3 on a folder of plain files: the handler of its HTTP requests, and the store for jobs in this process. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../service-error.js';
import { type Answer, errorAnswer, sendAnswer } from './answer.js';
import { hasCode } from './file-errors.js';
import { type Heartbeat, startHeartbeat } from './heartbeat.js';
import { ObjectStore } from './object-store.js';
import type { S3Context } from './operations/context.js';
import { isCopying, operationOf } from './operations/router.js';
import { checkPresigned } from './presigned.js';
import { readRequest, type S3Request } from './s3-request.js';
import { UploadStore } from './upload-store.js';

export interface S3Options {
  /** Of the buckets; made if it does not exist. One process at a time may use it. */
  readonly folder: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** Milliseconds since 1970, for the expiry of presigned URLs. @default Date.now */
  readonly now?: () => number;
  /** While an object is copied, a sign of life to the client; 0: from the start. @default 10 s */
  readonly heartbeatMs?: number;
  /** Gets errors that are not the client's. @default none */
  readonly onError?: (error: unknown) => void;
}

export interface S3 {
  /** Answers a request; never rejects. */
  readonly handleS3: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly store: ObjectStore;
  /** Closes the store, after the last request. */
  close(): void;
}

/** Clients wait for a minute. */
const HEARTBEAT_MS = 10_000;

export function createS3(options: S3Options): S3 {
  const { folder, region = 'us-east-1', now = Date.now, heartbeatMs = HEARTBEAT_MS, onError = () => {} } = options;
  const store = new ObjectStore(folder);
  const uploads = new UploadStore(store.database, store.uploads);
  const context: S3Context = { store, uploads, region };
  const handleS3 = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    let request: Pick<S3Request, 'bucket' | 'key'> = { bucket: '', key: '' };
    let heartbeat: Heartbeat | undefined;
    const send = async (answer: Answer) => {
      if (heartbeat?.stop()) heartbeat.finish(answer);
      else await sendAnswer(incoming, response, answer);
    };
    response.setHeader('x-amz-request-id', requestId);
    response.setHeader('server', 'AmazonS3');
    try {
      const read = readRequest(incoming);
      request = read;
      checkPresigned(read.query, now());
      const operation = operationOf(read);
      if (isCopying(operation)) heartbeat = startHeartbeat(response, heartbeatMs);
      await send(await operation(read, context));
    } catch (error) {
      const hasBegun = heartbeat?.stop();
      if (incoming.destroyed && !incoming.complete) return void response.destroy(); // the client has left
      const answered = toServiceError(error);
      if (answered.status >= 500 && answered.status !== 501) onError(error);
      if (response.headersSent && !hasBegun) return void response.destroy();
      await send(errorAnswer(answered, request, requestId));
    }
    incoming.resume(); // the rest of a body that was not wanted: clients read the answer after they have sent it
  };
  return { handleS3, store, close: () => store.close() };
}

// --- internal ---

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) return new ServiceError('InternalError', `The disk is full: ${detail}`, 500);
  return new ServiceError('InternalError', `We encountered an internal error. Please try again. (${detail})`, 500);
}
