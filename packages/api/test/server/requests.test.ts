import { request } from 'node:http';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { guardOf } from '../../src/server/guard.js';
import { readHead } from '../../src/server/request-head.js';
import { openScene, sharedScene } from '../support/scene.js';

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Any Host and Origin, which fetch does not send. */
function send(url: string, headers: Record<string, string>, body = '{}'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

const shared = sharedScene();
const target = { 'X-Amz-Target': 'SageMaker.ListModels' };

describe('the guard', () => {
  it.each([
    [{ Host: 'evil.example' }, 'Host'],
    [{ Host: 'localhost.evil.example' }, 'Host'],
    [{ Host: '127.0.0.1.evil.example' }, 'Host'],
    [{ Host: '0.0.0.0' }, 'Host'],
    [{ Host: '192.168.0.7:80' }, 'Host'],
    [{ Origin: 'https://evil.example' }, 'Origin'],
    [{ Origin: 'null' }, 'Origin'],
    [{ Origin: 'http://localhost:1' }, 'Origin'],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 'Sec-Fetch-Site'],
  ])('refuses a request with %j', async (headers, name) => {
    const { api } = shared();

    const answer = await send(api.url, { ...target, ...headers } as Record<string, string>);

    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'AccessDeniedException' });
    expect(JSON.parse(answer.body).message).toContain(`${name} must be`);
  });

  it('lets in loopback names, and a page of its own', async () => {
    const { api } = shared();
    const { port } = new URL(api.url);
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `bucket.localhost:${port}`, `[::1]:${port}`, 'LOCALHOST'];

    const answers = await Promise.all([
      ...hosts.map((Host) => send(api.url, { ...target, Host })),
      send(api.url, { ...target, Origin: api.url, 'Sec-Fetch-Site': 'same-origin' }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

describe('the guard of a server that other machines reach', () => {
  const refuse = guardOf('0.0.0.0');

  it.each(['192.0.2.7', '192.0.2.7:4580', '[2001:db8::7]:4580', `${hostname()}:4580`, 'localhost', 'b.localhost:1'])(
    'lets in a request for %s, and no page of another site',
    (host) => {
      expect(refuse({ host })).toBeUndefined();
      expect(refuse({ host, origin: `http://${host}` })).toBeUndefined();
      expect(refuse({ host, origin: 'https://evil.example' })).toMatch(/^Origin must be/);
    },
  );

  it.each([undefined, '', 'evil.example', '192.0.2.7.evil.example', '[::1].evil.example'])('refuses %s', (host) => {
    expect(refuse({ host })).toMatch(/^Host must be/);
  });

  it('is that of loopback where only this machine reaches it', () => {
    for (const address of ['127.0.0.1', '127.0.0.2', '::1', 'localhost']) {
      expect(guardOf(address)({ host: '192.0.2.7' })).toMatch(/^Host must be a loopback address/);
    }
  });
});

it('a server listens on the address that it is given', async () => {
  const { api } = await openScene({ host: '127.0.0.2' });

  expect(api.url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
  expect(await send(api.url, target)).toMatchObject({ status: 200 });
});

describe('a request', () => {
  it('gets its answer with an id and the content type of its protocol', async () => {
    const { api } = shared();

    const first = await send(api.url, target);
    const second = await send(api.url, target);

    expect(first).toMatchObject({ status: 200, body: '{"Models":[]}' });
    expect(first.headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(first.headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}-/);
    expect(second.headers['x-amzn-requestid']).not.toBe(first.headers['x-amzn-requestid']);
  });

  it('for an operation that is not there names it and lists those that are', async () => {
    const { call } = shared();

    const { status, body, headers } = await call('CreateNotebookInstance');

    expect([status, body.__type, headers.get('x-amzn-errortype')]).toEqual([
      400,
      ...['UnknownOperationException', 'UnknownOperationException'],
    ]);
    expect(body.message).toMatch(/"CreateNotebookInstance".* It has: .*CreateTrainingJob, .*StopTrainingJob/);
  });

  it.each(['constructor', '__proto__', 'toString', ''])('for "%s" is no operation', async (name) => {
    const { call } = shared();

    expect((await call(name)).body.__type).toBe('UnknownOperationException');
  });

  it('for no service is refused with what there is', async () => {
    const { api } = shared();

    const { status, body } = await send(`${api.url}/x`, { 'X-Amz-Target': 'DynamoDB_20120810.ListTables' });

    expect(status).toBe(404);
    expect(body).toMatch(/No service here answers DynamoDB_20120810\.ListTables\. There are: .*SageMaker, .*S3\./);
  });

  it.each(['{', '[]', '"x"', '1'])('whose body is %s cannot be read', async (body) => {
    const { call } = shared();

    expect(await call('ListModels', body)).toMatchObject({ status: 400, body: { __type: 'SerializationException' } });
  });

  it('without a body counts as empty, and members that are null as absent', async () => {
    const { call } = shared();

    expect((await call('ListModels', '')).status).toBe(200);
    expect((await call('ListModels', { NameContains: null })).status).toBe(200);
  });

  it('that is too large is refused before it is read', async () => {
    const { api } = shared();
    const body = ' '.repeat(4 * 1024 * 1024 + 1);

    const declared = await send(api.url, { ...target, 'Content-Length': String(body.length) }, body);
    const chunked = await send(api.url, { ...target, 'Transfer-Encoding': 'chunked' }, body);

    expect([declared.status, chunked.status]).toEqual([413, 413]);
    expect(JSON.parse(declared.body).message).toBe(`The body must be up to 4194304 bytes; received ${body.length}.`);
  });
});

describe('bytes that are no HTTP', () => {
  /** What the server sends until it ends the connection. */
  const exchange = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(shared().api.url).port), '127.0.0.1', () => socket.write(bytes));
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => (received += text));
      socket.on('end', () => resolve(received)).on('error', reject);
    });

  it('are refused with the reason', async () => {
    expect(await exchange('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*reading it failed with HPE_\w+\.$/);
    expect(await exchange(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*HPE_HEADER_OVERFLOW\.$/,
    );
  });

  it.each([
    ['a refusal', `PUT /data/${'k'.repeat(1025)}`, '<Code>KeyTooLongError</Code>'],
    ['what is read first', 'POST /', '{"Models":[]}'],
  ])('after a request leave it the answer that it has by itself: %s', async (_, line, text) => {
    const headers = line.startsWith('POST') ? 'X-Amz-Target: SageMaker.ListModels\r\n' : '';
    const request = `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Content-Length: 2\r\n\r\n{}`;

    expect(await exchange(`${request}nonsense\r\n\r\n`)).toContain(text);
  });
});

describe('a body that comes after its request was refused', () => {
  it.each([
    ['by the guard', ['Host: evil.example', 'X-Amz-Target: SageMaker.ListModels'], 403],
    ['as it is for no service', ['Host: 127.0.0.1', 'X-Amz-Target: DynamoDB_20120810.ListTables'], 404],
    ['as its operation is not there', ['Host: 127.0.0.1', 'X-Amz-Target: SageMaker.CreateNotebookInstance'], 400],
  ])('%s leaves the answer to be read, and the connection to be used again', async (_, headers, status) => {
    const { port } = new URL(shared().api.url);
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    const until = (pattern: RegExp) => expect.poll(() => received).toMatch(pattern);

    socket.write(`${['POST / HTTP/1.1', ...headers, 'Content-Length: 10'].join('\r\n')}\r\n\r\n`);
    await until(new RegExp(`^HTTP/1.1 ${status} `));
    socket.write('0123456789');
    socket.write(
      'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: SageMaker.ListModels\r\nContent-Length: 2\r\n\r\n{}',
    );

    await until(/\{"Models":\[\]\}$/);
  });
});

it('the scope of a signature is read from the header or the query', () => {
  const credential = 'AK/ID/20260102/eu-west-1/s3/aws4_request';
  const head = (url: string, headers = {}) => readHead({ method: 'GET', url, headers } as never).scope;

  const fromHeader = head('/', {
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
  });
  const fromQuery = head(`/b/k?X-Amz-Credential=${encodeURIComponent(credential)}`);

  expect(fromHeader).toEqual({ accessKey: 'AK/ID', region: 'eu-west-1', service: 's3' });
  expect(fromQuery).toEqual(fromHeader);
  expect([head('/'), head('/', { authorization: 'Bearer x' }), head('/?X-Amz-Credential=a/b')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
