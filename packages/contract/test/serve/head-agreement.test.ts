/**
 * The places that judge the head of a request agree: what is answered from the bytes of the socket, and what Node's parser,
 * the rules behind it and the router make of the same bytes. Requests are made by a grammar that is mostly HTTP's.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directly, endDirect, exchange, type Running, start } from './direct-server.js';

let servers: readonly [direct: Running, own: Running];
beforeAll(async () => {
  servers = [await start(directly), await start()];
});
afterAll(endDirect);

/** The first of `usual` mostly, any of `odd` now and then. */
function mostly(usual: readonly string[], odd: readonly string[], weight = 12): fc.Arbitrary<string> {
  return fc.oneof({ arbitrary: fc.constantFrom(...usual), weight }, { arbitrary: fc.constantFrom(...odd), weight: 1 });
}

const method = mostly(['POST', 'POST', 'GET'], ['HEAD', 'PUT', 'OPTIONS', 'post', 'CONNECT', 'PRI', 'P\xd6ST', '']);
const target = mostly(
  ['/invocations', '/invocations', '/ping'],
  [
    ...[
      '/',
      '/ping/',
      '//ping',
      '/ping?a=b',
      '/invocations?',
      '/invocations#a',
      '/p%69ng',
      '/ping%00',
      '*',
      '/models/a',
    ],
    ...[
      'http://x/ping',
      'HTTP://x:80/invocations',
      'http://x',
      'ftp://x/ping',
      'x:80',
      '/invocations-bidirectional-stream',
    ],
  ],
);
const version = mostly(['HTTP/1.1'], ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.2', 'http/1.1', 'HTTP/1.1 ', '']);
const space = mostly([' '], ['  ', '\t', ''], 40);
const lineEnd = mostly(['\r\n'], ['\n', '\r', '\r\r\n', '\r\n ', '\r\n\t'], 60);
const colon = mostly([': '], [':', ':\t', ' : ', ':  ', ''], 20);
const name = fc.constantFrom(
  ...[
    'Host',
    'Content-Length',
    'Content-Type',
    'Content-Encoding',
    'Transfer-Encoding',
    'Connection',
    'Proxy-Connection',
  ],
  ...[
    'Keep-Alive',
    'Expect',
    'Upgrade',
    'HTTP2-Settings',
    'TE',
    'Trailer',
    'Accept',
    'traceparent',
    'X-A',
    'x_b',
    'X A',
  ],
  ...[
    'X-Amzn-SageMaker-Custom-Attributes',
    'X-Amzn-SageMaker-Inference-Id',
    'X-Amzn-SageMaker-Session-Id',
    'CONTENT-length',
  ],
  ...['X-Amzn-SageMaker-Target-Model', '__proto__', 'constructor', ''],
);
const value = fc.constantFrom(
  ...[
    'x',
    '',
    ' ',
    '5',
    '05',
    '0',
    '+5',
    '5,5',
    '5 ',
    '0x5',
    '-0',
    '4',
    '99999999999',
    'text/csv',
    'a;b="c, d"',
    'gzip',
    'identity',
  ],
  ...[
    'chunked',
    'Chunked',
    'gzip, chunked',
    'close',
    'Close',
    'keep-alive',
    'close, x',
    'upgrade',
    '100-continue',
    'websocket',
    'h2c',
  ],
  ...[
    '\t a \t b \t',
    '\xe9',
    '\x7f',
    'a\0b',
    'a\x0bb',
    'x'.repeat(600),
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ],
);
const field = fc.tuple(name, colon, value, lineEnd).map((parts) => parts.join(''));
const body = mostly(
  ['1,2,3', '', 'error', '1'.repeat(40)],
  ['5\r\n1,2,3\r\n0\r\n\r\n', '\r\n', '1,2,3\r\n', 'x'.repeat(10_001)],
);

const request = fc
  .record({
    line: fc.tuple(method, space, target, space, version, lineEnd).map((parts) => parts.join('')),
    isPlain: fc.boolean(),
    fields: fc.array(field, { maxLength: 3 }),
    host: mostly(['Host: x\r\n'], ['', 'Host: a b\r\n', 'Host:\r\n', 'Host: [::1]:80\r\n', 'Host: a@b\r\n']),
    at: fc.nat(2),
    body,
    wrongBy: mostly(['0'], ['1', '-1']),
    end: lineEnd,
  })
  .map(({ line, isPlain, fields, host, at, body, wrongBy, end }) => {
    const length = `Content-Length: ${Math.max(0, body.length + Number(wrongBy))}\r\n`;
    const lines = isPlain ? [] : fields;
    return [line, host, ...lines.slice(0, at), length, ...lines.slice(at), end, body].join('');
  });

/**
 * Whether what is no request, or asks for a tunnel, is refused behind others depends on whether these are answered by then;
 * 100 Continue on whether the body is there by then; what an answer says of its connection on whether the caller has ended.
 */
function withoutTiming(answer: string): string {
  return answer
    .replaceAll(/HTTP\/1\.1 100 Continue\r\n\r\n(?=HTTP\/1\.1 )/g, '')
    .replaceAll(/(?:Connection|Keep-Alive): [\w=-]+\r\n/g, '')
    .replace(
      /(?<=.)HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/json\r\nContent-Length: \d+\r\n\r\n\{"error":\{"code":"E_REQUEST_BODY","message":"The request must be HTTP\/1\.1.*$/s,
      '',
    )
    .replace(/(?<=.)HTTP\/1\.1 405 Method Not Allowed\r\nAllow: GET, HEAD, POST\r\n.*$/s, '');
}

it('a request gets the same answer, and reaches the service as the same, from the bytes of the socket and through Node’s parser', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 3 }), async (requests) => {
      const before = servers.map(({ asked }) => asked.length);
      const [first, second] = await Promise.all(servers.map((server) => exchange(server, requests.join(''))));

      expect(withoutTiming(first!)).toBe(withoutTiming(second!));
      expect(servers[0].asked.slice(before[0])).toEqual(servers[1].asked.slice(before[1]));
    }),
    { seed: 11, numRuns: Number(process.env.RUNS ?? 400) },
  );
});
