/** What the tests of S3 share: a store in a temporary folder, which is removed after the test, and a server of it. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  request,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ObjectStore } from '../../src/s3/object-store.js';
import { createS3, type S3Options } from '../../src/s3/s3.js';

/** An empty folder, removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-s3-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store with one bucket. */
export function openStore(bucket = 'bucket'): { store: ObjectStore; folder: string } {
  const folder = makeFolder();
  const store = new ObjectStore(folder);
  onTestFinished(() => store.close());
  store.buckets.create(bucket);
  return { store, folder: join(folder, bucket) };
}

/** The keys in a bucket, in order. */
export async function keysOf(store: ObjectStore, prefix = '', bucket = 'bucket'): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.objects(bucket, prefix)) keys.push(key);
  return keys;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface TestRequest {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

export type Send = (method: string, path: string, request?: TestRequest) => Promise<TestAnswer>;

/** S3 on a free port of this machine, with one bucket. `send` writes paths as they are given. */
export async function startS3(options: Partial<S3Options> = {}) {
  const root = makeFolder();
  const s3 = createS3({ folder: root, ...options });
  const server = createServer(s3.handleS3);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
    s3.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  s3.store.buckets.create('bucket');
  const { port } = server.address() as AddressInfo;
  const send: Send = (method, path, { headers = {}, body = '' } = {}) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    return sendRequest({ port, agent, method, path, headers: { ...length, ...headers } }, body);
  };
  return { send, port, store: s3.store, folder: join(root, 'bucket') };
}

/** Text of the first element with this name. */
export function textOf(xml: string, name: string): string | undefined {
  return textsOf(xml, name)[0];
}

/** Texts of all elements with this name. */
export function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text!);
}

// --- internal ---

async function sendRequest(options: RequestOptions, body: string | Uint8Array): Promise<TestAnswer> {
  const outgoing = request({ host: '127.0.0.1', ...options });
  outgoing.end(Buffer.from(body)); // Node would send headers with a text as UTF-8
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return { status: incoming.statusCode!, headers: incoming.headers, body: bytes, text: bytes.toString() };
}
