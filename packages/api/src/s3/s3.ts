/** Amazon S3 on a folder of plain files: the handler of its HTTP requests, and the store for jobs in this process. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../service-error.js';
import { errorAnswer, sendAnswer } from './answer.js';
import { hasCode } from './file-errors.js';
import { ObjectStore } from './object-store.js';
import type { S3Context } from './operations/context.js';
import { operationOf } from './operations/router.js';
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

export function createS3({ folder, region = 'us-east-1', now = Date.now, onError = () => {} }: S3Options): S3 {
  const store = new ObjectStore(folder);
  const uploads = new UploadStore(store.database, store.uploads);
  const context: S3Context = { store, uploads, region };
  const handleS3 = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    let request: Pick<S3Request, 'bucket' | 'key'> = { bucket: '', key: '' };
    response.setHeader('x-amz-request-id', requestId);
    response.setHeader('server', 'AmazonS3');
    try {
      const read = readRequest(incoming);
      request = read;
      checkPresigned(read.query, now());
      await sendAnswer(incoming, response, await operationOf(read)(read, context));
    } catch (error) {
      if (incoming.destroyed && !incoming.complete) return void response.destroy(); // the client has left
      const answered = toServiceError(error);
      if (answered.status >= 500 && answered.status !== 501) onError(error);
      if (response.headersSent) return void response.destroy();
      await sendAnswer(incoming, response, errorAnswer(answered, request, requestId));
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
