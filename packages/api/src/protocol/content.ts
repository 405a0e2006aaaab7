/** The body of a request, of which clients compress a large one: CloudWatch's PutMetricData comes as gzip. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Exchange, readBody } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';

const decompress = promisify(gunzip);

/**
 * The whole body, decompressed.
 * @param maxBytes of it, compressed and not
 * @throws ServiceError 413 if it is larger; SerializationException if it is not what its encoding says
 */
export async function readContent(exchange: Exchange, maxBytes: number): Promise<Buffer> {
  const body = await readBody(exchange, maxBytes);
  if (exchange.incoming.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await decompress(body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw new ServiceError('SerializationException', `The body must be gzip; ${(error as Error).message}.`);
  }
}
