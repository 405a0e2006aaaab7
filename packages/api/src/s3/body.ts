/**
 * The body of an upload: decoded, counted and checked against what its headers and trailers claim of it. A wrong claim is
 * an error, and then nothing is kept.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ServiceError } from '../service-error.js';
import { decodeChunks, incompleteBody, malformedTrailer } from './aws-chunked.js';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  type RunningChecksum,
  startChecksum,
  startMd5,
} from './checksum.js';
import { invalidArgument } from './s3-errors.js';
import { header, type S3Request } from './s3-request.js';
import { type StagedFile, stageFile } from './staging.js';

/** Of one request; larger objects are uploaded in parts. */
const MAX_UPLOAD_BYTES = 5 * 2 ** 30;
/** Of a document: 10,000 parts with their checksums take about 3 MB. */
const MAX_DOCUMENT_BYTES = 8 << 20;

/** A checksum of the bytes of one body. */
export interface BodyChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly value: string;
}

export interface ReceivedFile {
  readonly staged: StagedFile;
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksum: BodyChecksum;
}

/**
 * Writes the body to a file in `folder`.
 * @param computed a checksum to compute where the client sends none
 */
export async function receiveFile(
  request: S3Request,
  folder: string,
  computed: ChecksumAlgorithm,
): Promise<ReceivedFile> {
  const bytes = declaredBytes(request);
  if (bytes === undefined) {
    throw new ServiceError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  if (bytes > MAX_UPLOAD_BYTES) throw tooLarge(MAX_UPLOAD_BYTES, bytes);
  const body = await openBody(request, bytes, computed);
  const staged = await stageFile(folder, body.chunks, body.update);
  try {
    const { md5, checksum } = body.check();
    return { staged, md5, checksum: checksum! };
  } catch (error) {
    await rm(staged.path, { force: true });
    throw error;
  }
}

/** Reads a document, e.g. the keys to delete. */
export async function receiveText(request: S3Request): Promise<string> {
  const body = await openBody(request, Math.min(declaredBytes(request) ?? MAX_DOCUMENT_BYTES, MAX_DOCUMENT_BYTES + 1));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body.chunks) {
    bytes += chunk.length;
    if (bytes > MAX_DOCUMENT_BYTES) throw tooLarge(MAX_DOCUMENT_BYTES, bytes);
    body.update(chunk);
    chunks.push(chunk);
  }
  body.check();
  return Buffer.concat(chunks).toString();
}

/** @param name of the header that names it */
export function parseAlgorithm(text: string | undefined, name: string): ChecksumAlgorithm | undefined {
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === text?.toUpperCase());
  if (text !== undefined && algorithm === undefined) {
    throw invalidArgument(name, text, `${name} must be one of ${CHECKSUM_ALGORITHMS.join(', ')}; received "${text}".`);
  }
  return algorithm;
}

// --- internal ---

interface CheckedBody {
  readonly md5: string;
  readonly checksum?: BodyChecksum;
}

interface OpenBody {
  readonly chunks: AsyncIterable<Uint8Array>;
  update(chunk: Uint8Array): void;
  check(): CheckedBody;
}

async function openBody(request: S3Request, bytes: number, computed?: ChecksumAlgorithm): Promise<OpenBody> {
  const trailers = new Map<string, string>();
  const algorithm = checksumAlgorithmOf(request) ?? computed;
  const checksum = algorithm && (await startChecksum(algorithm));
  const sha256 = signedHash(request) === undefined ? undefined : createHash('sha256');
  const md5 = startMd5();
  const expectedMd5 = contentMd5(request);
  let received = 0;
  const update = (chunk: Uint8Array) => {
    received += chunk.length;
    if (received > bytes) throw incompleteBody();
    md5.update(chunk);
    checksum?.update(chunk);
    sha256?.update(chunk);
  };
  const check = (): CheckedBody => {
    if (header(request, 'content-length') !== undefined && received !== bytes) throw incompleteBody();
    checkTrailers(request, trailers);
    const digest = md5.hex();
    if (expectedMd5 !== undefined && expectedMd5 !== digest) throw badDigest('Content-MD5');
    if (sha256 && sha256.digest('hex') !== signedHash(request)) throw wrongHash();
    const value = checksum && checkChecksum(request, trailers, algorithm!, checksum);
    return value === undefined ? { md5: digest } : { md5: digest, checksum: { algorithm: algorithm!, value } };
  };
  return { chunks: isChunked(request) ? decodeChunks(request.body, trailers) : request.body, update, check };
}

/** The names in `x-amz-trailer`, in lower case. */
function announcedTrailers(request: Pick<S3Request, 'headers'>): readonly string[] {
  return (header(request, 'x-amz-trailer') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
}

/** The algorithm of the checksum that the request has or announces, if any. @throws ServiceError InvalidRequest */
function checksumAlgorithmOf(request: Pick<S3Request, 'headers'>): ChecksumAlgorithm | undefined {
  const trailers = announcedTrailers(request);
  const found = CHECKSUM_ALGORITHMS.filter((algorithm) => {
    const name = checksumHeader(algorithm);
    return request.headers[name] !== undefined || trailers.includes(name);
  });
  if (found.length > 1) {
    const message = 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.';
    throw new ServiceError('InvalidRequest', message);
  }
  return found[0] ?? parseAlgorithm(header(request, 'x-amz-sdk-checksum-algorithm'), 'x-amz-sdk-checksum-algorithm');
}

function isChunked(request: S3Request): boolean {
  const isStreaming = header(request, 'x-amz-content-sha256')?.startsWith('STREAMING-') ?? false;
  return isStreaming || /\baws-chunked\b/i.test(header(request, 'content-encoding') ?? '');
}

/** Bytes of the data, as the headers say. */
function declaredBytes(request: S3Request): number | undefined {
  const name = isChunked(request) ? 'x-amz-decoded-content-length' : 'content-length';
  const text = header(request, name);
  if (text !== undefined && !/^\d{1,15}$/.test(text)) {
    throw invalidArgument(name, text, `${name} must be a number of bytes; received "${text}".`);
  }
  return text === undefined ? undefined : Number(text);
}

/** The SHA-256 that the client signed, if it signed one. */
function signedHash(request: S3Request): string | undefined {
  const text = header(request, 'x-amz-content-sha256');
  return text !== undefined && /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}

/** Content-MD5 in hexadecimal. */
function contentMd5(request: S3Request): string | undefined {
  const text = header(request, 'content-md5');
  if (text === undefined) return undefined;
  const digest = Buffer.from(text, 'base64');
  if (digest.length === 16 && digest.toString('base64') === text) return digest.toString('hex');
  throw new ServiceError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400, { 'Content-MD5': text });
}

/** A trailer that is not announced would be ignored, also a checksum that is wrong. Its own signature never is announced. */
function checkTrailers(request: S3Request, trailers: ReadonlyMap<string, string>): void {
  const announced = [...announcedTrailers(request), 'x-amz-trailer-signature'];
  for (const name of trailers.keys()) if (!announced.includes(name)) throw malformedTrailer();
}

/** The checksum's value. @throws ServiceError BadDigest if the client sent another one */
function checkChecksum(
  request: S3Request,
  trailers: ReadonlyMap<string, string>,
  algorithm: ChecksumAlgorithm,
  checksum: RunningChecksum,
): string {
  const value = checksum.digest();
  const name = checksumHeader(algorithm);
  const expected = header(request, name) ?? trailers.get(name);
  if (expected === undefined && announcedTrailers(request).includes(name)) throw malformedTrailer();
  if (expected !== undefined && expected !== value) {
    const isForm = Buffer.from(expected, 'base64').length === Buffer.from(value, 'base64').length;
    if (!isForm) throw new ServiceError('InvalidRequest', `Value for ${name} header is invalid.`);
    throw badDigest(algorithm);
  }
  return value;
}

function badDigest(kind: string): ServiceError {
  return new ServiceError('BadDigest', `The ${kind} you specified did not match the calculated checksum.`);
}

function wrongHash(): ServiceError {
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  return new ServiceError('XAmzContentSHA256Mismatch', message);
}

function tooLarge(maximum: number, bytes: number): ServiceError {
  const message = 'Your proposed upload exceeds the maximum allowed size';
  return new ServiceError('EntityTooLarge', message, 400, { ProposedSize: bytes, MaxSizeAllowed: maximum });
}
