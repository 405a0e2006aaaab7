import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openServer, startServer } from '../src/server.js';

const server = (body: string) => ({
  command: process.execPath,
  args: (port: number) => ['-e', `let asked = 0; const port = ${port}; ${body}`],
  path: '/ping',
});

describe('startServer', () => {
  it('measures until the first 200, not until the first response', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-server-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const seen = join(folder, 'seen');
    const answer = `{
      require('node:fs').appendFileSync(${JSON.stringify(seen)}, request.url + ' ');
      response.writeHead(++asked < 4 ? 503 : 200).end();
    }`;

    const milliseconds = await startServer(
      server(`require('node:http').createServer((request, response) => ${answer}).listen(port, '127.0.0.1')`),
    );

    expect(readFileSync(seen, 'utf8')).toBe('/ping /ping /ping /ping ');
    expect(milliseconds).toBeGreaterThan(0);
  });

  it('rejects a server that exits early with its exit code and last output', async () => {
    await expect(startServer(server(`console.error('no model'); process.exit(4)`))).rejects.toThrow(
      /exited with 4: no model/,
    );
  });

  it('writes the output into a file if there is one to write to, and quotes its end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-server-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const logFile = join(folder, 'log');

    const start = startServer({
      ...server(`console.log('begin'); console.error('no model'); process.exit(4)`),
      logFile,
    });

    await expect(start).rejects.toThrow(/exited with 4: begin \| no model/);
    expect(readFileSync(logFile, 'utf8')).toBe('begin\nno model\n');
  });

  it('rejects a server that never answers, and stops it', async () => {
    const silent = { ...server('setInterval(() => {}, 1000)'), timeoutMs: 300 };

    await expect(startServer(silent)).rejects.toThrow('no 200 in 300 ms');
  });

  it('rejects a command that does not exist', async () => {
    await expect(startServer({ ...server(''), command: '/nonexistent/server' })).rejects.toThrow('/nonexistent/server');
  });
});

it.runIf(existsSync('/proc/self/stat'))('a server that runs says what it uses, until it is stopped', async () => {
  const listening = server(
    `require('node:http').createServer((_, response) => response.end()).listen(port, '127.0.0.1')`,
  );

  const running = await openServer(listening);
  const status = await fetch(`http://127.0.0.1:${running.port}/`).then((response) => response.status);
  const [own, ...others] = running.usage();
  const used = [running.residentMB(), running.processorMs(), own?.residentMB, own?.processorMs];
  await running.stop();

  expect(status).toBe(200);
  for (const value of used) expect(value).toBeGreaterThan(0);
  expect(others).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${running.port}/`)).rejects.toThrow();
});

it('asks a question as it is given', async () => {
  const echo = server(`require('node:http').createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk)).on('end', () => {
      const isRight = request.method === 'POST' && request.headers['x-a'] === 'b' && body === 'c';
      response.writeHead(isRight ? 200 : 400).end();
    });
  }).listen(port, '127.0.0.1')`);

  await startServer({ ...echo, method: 'POST', headers: { 'X-A': 'b' }, body: 'c' });

  await expect(startServer({ ...echo, timeoutMs: 300 })).rejects.toThrow('no 200 in 300 ms');
});
