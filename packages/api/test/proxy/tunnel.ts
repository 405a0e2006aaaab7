/** A client of the proxy, byte by byte. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface Tunnel {
  /** The proxy's answer to CONNECT, with its body if it was refused. */
  readonly answer: string;
  readonly socket: Socket;
}

/** Sends CONNECT to the server at `url`. */
export async function openTunnel(url: string, target: string): Promise<Tunnel> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let answer = '';
    const take = (chunk: Buffer) => {
      answer += chunk.toString();
      const [head, body] = answer.split('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(head!)?.[1] ?? 0);
      if (body === undefined || Buffer.byteLength(body) < length) return;
      socket.off('data', take).pause();
      resolve({ answer, socket });
    };
    socket.on('data', take).on('error', reject);
  });
}

/** Sends one request by TLS through a tunnel, trusting the authority in that file only; returns the whole answer. */
export async function requestByTls({ socket }: Tunnel, caFile: string, host: string, request: string): Promise<string> {
  const secure = connectTls({ socket, servername: host, ca: readFileSync(caFile) });
  onTestFinished(() => void secure.destroy());
  return new Promise((resolve, reject) => {
    let text = '';
    secure.on('error', reject).on('end', () => resolve(text));
    secure.on('data', (chunk) => {
      text += String(chunk);
    });
    secure.write(request);
  });
}

/** A request with a signature for the service, which the server reads and does not verify. */
export function signedRequest(method: string, path: string, host: string, service: string, body = ''): string {
  const credential = `AK/20260102/us-east-1/${service}/aws4_request`;
  const headers = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(body === '' ? [] : ['Content-Type: application/x-www-form-urlencoded']),
    'Connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}
