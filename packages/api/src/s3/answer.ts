/** What an operation answers, and how it is written: documents, files, errors. */
import { closeSync, createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { writeXml, type XmlElement } from '../protocol/xml.js';
import type { ServiceError } from '../service-error.js';
import type { S3Request } from './s3-request.js';

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A part of an open file. */
export interface FileRange {
  /** Closed when it is sent, or cannot be. */
  readonly descriptor: number;
  readonly start: number;
  readonly bytes: number;
}

export interface Answer {
  /** 200 if left out. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly xml?: XmlElement;
  readonly text?: string;
  readonly file?: FileRange;
}

/** Sends an answer; ends when the client has it or is gone. */
export async function sendAnswer(incoming: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { file, status = 200 } = answer;
  let isSent = false;
  try {
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    response.statusCode = status;
    if (file === undefined) return sendText(incoming, response, answer);
    response.setHeader('content-length', file.bytes);
    isSent = incoming.method !== 'HEAD' && file.bytes > 0;
    if (!isSent) return void response.end();
  } finally {
    if (file !== undefined && !isSent) closeSync(file.descriptor);
  }
  await sendFile(response, file);
}

/** An error as S3 answers it. */
export function errorAnswer(
  error: ServiceError,
  request: Pick<S3Request, 'bucket' | 'key'>,
  requestId: string,
): Answer {
  const resource = `/${request.bucket}${request.key === '' ? '' : `/${request.key}`}`;
  const members = Object.entries(error.members).map(([name, value]): XmlElement => [name, String(value)]);
  const xml: XmlElement = [
    'Error',
    [['Code', error.code], ['Message', error.message], ...members, ['Resource', resource], ['RequestId', requestId]],
  ];
  return { status: error.status, xml };
}

/** A document of S3's namespace. */
export function document(name: string, content: XmlElement[1]): Answer {
  return { xml: [name, content] };
}

// --- internal ---

function sendText(incoming: IncomingMessage, response: ServerResponse, { xml, text, status }: Answer): void {
  const isError = xml?.[0] === 'Error';
  const content = xml === undefined ? text : writeXml(xml, isError ? undefined : S3_NAMESPACE);
  if (content !== undefined && xml !== undefined) response.setHeader('content-type', 'application/xml');
  const bytes = Buffer.from(content ?? '');
  if (status !== 204 && status !== 304) response.setHeader('content-length', bytes.length);
  response.end(incoming.method === 'HEAD' ? undefined : bytes);
}

async function sendFile(response: ServerResponse, { descriptor, start, bytes }: FileRange): Promise<void> {
  const stream = createReadStream('', { fd: descriptor, start, end: start + bytes - 1, highWaterMark: READ_BYTES });
  try {
    await pipeline(stream, response, { end: false });
    // A person made the file shorter meanwhile: the client must not take what came for all of it.
    if (stream.bytesRead < bytes) response.destroy();
    else response.end();
  } catch {
    response.destroy(); // the client has left, or the file cannot be read
  }
}

const READ_BYTES = 256 << 10;
