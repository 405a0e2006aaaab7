/** Sends raw requests to a server of S3, signed by Signature Version 4, and reads the answers into what is compared. */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { readXml, type XmlNode } from '../../dist/protocol/xml.js';

export interface Server {
  readonly port: number;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer, without what differs between any two: dates, IDs, owners. */
export interface ComparedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Code of the error, if it is one. */
  readonly code?: string;
  /** Texts of the document by their path, or the body itself as `text`. */
  readonly body: Readonly<Record<string, string>>;
  /** Of an upload that the request started. */
  readonly uploadId?: string;
}

/** @param path as it is sent, with its query */
export async function sendSigned(
  server: Server,
  method: string,
  path: string,
  { headers = {}, body = '' }: RawRequest,
): Promise<ComparedAnswer> {
  const host = `127.0.0.1:${server.port}`;
  const all = {
    host,
    'content-length': String(Buffer.byteLength(body)),
    'x-amz-content-sha256': sha256(body),
    ...headers,
  };
  const outgoing = request({
    host: '127.0.0.1',
    port: server.port,
    method,
    path,
    headers: sign(server, method, path, all),
  });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return readAnswer(incoming, Buffer.concat(chunks).toString());
}

// --- internal ---

const COMPARED_HEADERS =
  /^(?:etag|content-(?:type|length|range|encoding|disposition|language)|cache-control|expires|accept-ranges|x-amz-(?:meta-.*|checksum-.*|mp-parts-count|tagging-count|storage-class|version-id))$/;
const VARYING =
  /^(?:LastModified|CreationDate|Initiated|RequestId|HostId|Owner|Initiator|UploadId|NextUploadIdMarker|NextContinuationToken|ContinuationToken|Location|Resource|Message)$/;

function readAnswer(incoming: IncomingMessage, text: string): ComparedAnswer {
  const headers = Object.entries(incoming.headers).filter(([name]) => COMPARED_HEADERS.test(name));
  const isXml = text.startsWith('<');
  const root = isXml ? readXml(text, /<(\w+)[ >]/.exec(text.replace(/^<\?[^>]*>\s*/, ''))![1]!) : undefined;
  const found: Record<string, string> = {};
  if (root) flatten(root, '', found);
  const status = incoming.statusCode!;
  const code = root?.name === 'Error' ? root.children.find(({ name }) => name === 'Code')?.text : undefined;
  const body = code !== undefined ? {} : root ? found : { text: text.slice(0, 100) };
  const uploadId = root?.children.find(({ name }) => name === 'UploadId')?.text;
  const isError = status >= 400;
  const compared = isXml || isError ? headers.filter(([name]) => name !== 'content-length') : headers;
  return {
    status,
    headers: Object.fromEntries(compared) as Record<string, string>,
    ...(code && { code }),
    body,
    ...(uploadId && { uploadId }),
  };
}

function flatten(node: XmlNode, path: string, found: Record<string, string>): void {
  if (VARYING.test(node.name)) return;
  const own = `${path}/${node.name}`;
  if (node.children.length === 0) {
    let name = own;
    for (let i = 2; name in found; i++) name = `${own}[${i}]`;
    found[name] = node.text;
  }
  for (const child of node.children) flatten(child, own, found);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The headers with the signature. Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header". */
function sign(server: Server, method: string, path: string, headers: Record<string, string>): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const all: Record<string, string> = { ...headers, 'x-amz-date': time };
  const names = Object.keys(all).sort();
  const [pathname, query = ''] = path.split('?');
  const parameters = [...new URLSearchParams(query)].map((pair) => pair.map(encode).join('=')).sort();
  const canonical = [
    ...[method, pathname, parameters.join('&')],
    ...names.map((name) => `${name}:${all[name]!.trim()}`),
    ...['', names.join(';'), all['x-amz-content-sha256']],
  ].join('\n');
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${server.secretKey}`);
  const signature = hmac(key, text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${server.accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...all, authorization };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
