/** The start of a container's answer that is an error's text. */
import type { IncomingMessage } from 'node:http';

/** More than an error shows of it. */
const ERROR_BYTES = 65_536;

/** The start of a body, or what came before it broke off. */
export async function readStart(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > ERROR_BYTES) break;
    }
  } catch {} // the container's status is its error; this is only its text
  return Buffer.concat(chunks).toString('utf8');
}
