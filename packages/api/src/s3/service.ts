/** S3 behind the port that all services share. */
import type { Service } from '../server/exchange.js';
import type { S3 } from './s3.js';

/**
 * Takes what is signed for S3, and what no other service takes: a URL without a signature is one of an object. Ask it last.
 * It answers its own errors.
 */
export function s3Service({ handleS3 }: S3): Service {
  return {
    name: 'S3',
    takes: ({ target, scope }) => scope?.service === 's3' || (target === undefined && scope === undefined),
    handle: ({ incoming, response }) => handleS3(incoming, response),
    fail: ({ response }) => void response.destroy(),
  };
}
