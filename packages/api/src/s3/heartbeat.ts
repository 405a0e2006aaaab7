/**
 * Answers of operations that copy objects. A client that hears nothing for a minute gives up: so, as from S3, the answer
 * begins while the copy goes on, with status 200 and white space, and its document comes at the end. That may be an error,
 * which clients look for. Source: Amazon S3 API Reference, CompleteMultipartUpload and CopyObject.
 */
import type { ServerResponse } from 'node:http';
import { writeXml, XML_DECLARATION } from '../protocol/xml.js';
import { type Answer, S3_NAMESPACE } from './answer.js';

export interface Heartbeat {
  /** Ends the white space. Says whether the answer has begun: then `finish` sends the rest. */
  stop(): boolean;
  /** The document of an answer that has begun. */
  finish(answer: Answer): void;
}

/** @param everyMs until the answer begins, and between its spaces; 0: it begins now */
export function startHeartbeat(response: ServerResponse, everyMs: number): Heartbeat {
  const beat = () => {
    if (response.destroyed) return;
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/xml' }).write(XML_DECLARATION);
    response.write(' ');
  };
  const timer = setInterval(beat, everyMs);
  if (everyMs === 0) beat();
  return {
    stop() {
      clearInterval(timer);
      return response.headersSent;
    },
    finish({ xml }) {
      const isError = xml?.[0] === 'Error';
      response.end(xml && writeXml(xml, isError ? undefined : S3_NAMESPACE).slice(XML_DECLARATION.length));
    },
  };
}
