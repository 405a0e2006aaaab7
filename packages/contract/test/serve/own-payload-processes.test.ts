/** Payloads of an algorithm's own between the process with the sockets and its workers. */
import { expect, it } from 'vitest';
import { startProgram } from './running-program.js';
import { untilReady } from './running-server.js';

const TYPE = 'application/octet-stream';

async function open() {
  const program = await startProgram({ workers: 1, program: 'bytes-program.ts' });
  await untilReady(program);
  const invoke = async (bytes: Uint8Array) => {
    const headers = { 'Content-Type': TYPE, Accept: TYPE };
    const response = await fetch(`${program.url}/invocations`, { method: 'POST', headers, body: Buffer.from(bytes) });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get('Content-Type'), body };
  };
  return { program, invoke };
}

it('bytes reach a worker and come back as they are, however many', async () => {
  const { program, invoke } = await open();

  for (const size of [1, 1000, 100_000, 3_000_000]) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7) % 251);
    const { status, type, body } = await invoke(bytes);
    expect([status, type, body.length]).toEqual([200, TYPE, size + 4]);
    expect(body.subarray(4).equals(Buffer.from(bytes).reverse())).toBe(true);
    expect(body.readUInt32BE(0)).not.toBe(program.child.pid);
  }
});

it('rows are still answered by the process with the sockets, decoded ones never', async () => {
  const { program, invoke } = await open();

  const rows = await fetch(`${program.url}/invocations`, { method: 'POST', body: Buffer.from('1,2,3\n') });
  const bytes = await invoke(Uint8Array.of(1));

  expect(Number(await rows.text())).toBe(program.child.pid);
  expect(bytes.body.readUInt32BE(0)).not.toBe(program.child.pid);
});

it('a decoder that ends its process costs its own request only', async () => {
  const { program, invoke } = await open();

  const { status, body } = await invoke(Uint8Array.of(255));
  await untilReady(program);

  expect(status).toBe(500);
  expect(body.toString()).toContain('E_ALGORITHM');
  expect((await invoke(Uint8Array.of(1, 2))).body.subarray(4)).toEqual(Buffer.of(2, 1));
});
