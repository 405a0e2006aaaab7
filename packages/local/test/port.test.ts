/** Ports that stay free from the moment they are chosen until a program binds them. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkPort, isListening, reservePort } from '../src/endpoint/port.js';

const BUILT = join(import.meta.dirname, '..', 'dist', 'endpoint', 'port.js');

describe('a reserved port', () => {
  it('is not given to anybody else in this process until it is released, and can be listened on', async () => {
    const ports = [await reservePort(), await reservePort(), await reservePort()];

    for (const { port } of ports) await checkPort(port, '127.0.0.1');
    const numbers = ports.map(({ port }) => port);
    ports[1]!.release();
    const next = await reservePort();
    for (const one of [...ports, next]) one.release();

    expect(new Set(numbers).size).toBe(3);
    expect([numbers[0], numbers[2]]).not.toContain(next.port);
  });

  it.runIf(process.platform === 'linux')('is not given to another process (on Linux)', async () => {
    const mine = await reservePort();
    onTestFinished(() => mine.release());
    // Another process that would begin its search at the same port.
    const program = `Object.defineProperty(process, 'pid', { value: ${process.pid} });
      const { reservePort } = await import('${BUILT}');
      console.log((await reservePort()).port);`;

    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });

    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).not.toBe(mine.port);
  });

  it('is not one that is in use', async () => {
    const first = await reservePort();
    first.release();
    const server = createServer().listen(first.port, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');

    const second = await reservePort();
    second.release();

    expect(second.port).not.toBe(first.port);
    expect(await isListening(first.port, '127.0.0.1')).toBe(true);
    expect(await isListening(second.port, '127.0.0.1')).toBe(false);
    await expect(checkPort(first.port, '127.0.0.1')).rejects.toThrow(
      `Port ${first.port} cannot be used: address already in use (EADDRINUSE)`,
    );
  });
});

it('an address that is not of this machine is reported as a wrong host, not a wrong port', async () => {
  await expect(checkPort(20_000, '192.0.2.1')).rejects.toThrow(
    /^Host "192\.0\.2\.1" is not an address of this machine\.$/,
  );
});
