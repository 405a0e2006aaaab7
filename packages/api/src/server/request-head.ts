/**
 * What of a request says which service it is for, and the account and region it names. Signatures are read, not verified:
 * the server is on this machine's loopback and has no secrets to compare with.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { textOfHeader } from './header-text.js';

/** The scope that a SigV4 signature names: `AKID/20260102/eu-west-1/sagemaker/aws4_request`. */
export interface CredentialScope {
  readonly accessKey: string;
  readonly region: string;
  /** The signing name, e.g. `sagemaker`, `s3`, `sts`, `logs`. */
  readonly service: string;
}

export interface RequestHead {
  readonly method: string;
  /** As sent: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** X-Amz-Target: `SageMaker.CreateModel`. */
  readonly target: string | undefined;
  readonly scope: CredentialScope | undefined;
}

export function readHead({ method = 'GET', url: sent = '/', headers }: IncomingMessage): RequestHead {
  const url = textOfHeader(sent);
  const mark = url.indexOf('?');
  const query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
  const target = headers['x-amz-target'];
  return {
    method,
    path: mark === -1 ? url : url.slice(0, mark),
    query,
    headers,
    target: typeof target === 'string' ? target : undefined,
    scope: scopeOf(headers.authorization, query.get('X-Amz-Credential')),
  };
}

// --- internal ---

/** From the header of a signed request, or the query of a presigned URL. */
function scopeOf(authorization: string | undefined, presigned: string | null): CredentialScope | undefined {
  const credential = /Credential=([^,\s]+)/.exec(authorization ?? '')?.[1] ?? presigned;
  if (!credential) return undefined;
  const parts = credential.split('/');
  // SigV4 has five parts; an access key may itself have slashes, and SigV4A has no region.
  const [, service, region] = parts.toReversed();
  if (parts.at(-1) !== 'aws4_request' || service === undefined || region === undefined) return undefined;
  return { accessKey: parts.slice(0, -4).join('/'), region, service };
}
