import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ObjectStore } from '../../src/s3/object-store.js';
import { runs } from '../support/runs.js';
import { makeFolder } from './scene.js';

const SERVER = join(import.meta.dirname, '..', 'fixtures', 's3-server.js');
const KILLS = runs(2, 10);
const CLIENTS = 6;
const PUTS_BEFORE_KILL = 30;
/** All of the same size, so that only the metadata of the right write fits. */
const bodyOf = (version: number) => `${version} `.padEnd(50_000, 'x');

interface Write {
  readonly key: string;
  /** Moments are counted. */
  readonly sent: number;
  answered: number | undefined;
}

async function startServer(folder: string): Promise<{ child: ChildProcess; url: string; ended: Promise<unknown> }> {
  const child = spawn(process.execPath, [SERVER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const failed = ended.then(([code]) =>
    Promise.reject(new Error(`The server ended with exit code ${code} before it listened.`)),
  );
  const [port] = (await Promise.race([once(child.stdout!, 'data'), failed])) as [Buffer];
  return { child, url: `http://127.0.0.1:${String(port).trim()}`, ended };
}

it('a server that is killed while clients write leaves each object whole, with its own metadata, and no write is lost', async () => {
  const folder = makeFolder();
  const writes: Write[] = [];
  let moment = 0;

  for (let kill = 0; kill < KILLS; kill++) {
    const { child, url, ended } = await startServer(folder);
    await fetch(`${url}/bucket`, { method: 'PUT' });
    let done = 0;
    const client = async (key: string) => {
      for (;;) {
        const version = writes.length;
        const write: Write = { key, sent: moment++, answered: undefined };
        writes.push(write);
        const headers = { 'x-amz-meta-version': String(version) };
        const { ok } = await fetch(`${url}/bucket/${key}`, { method: 'PUT', body: bodyOf(version), headers });
        if (ok) write.answered = moment++;
        done++;
        if (done === PUTS_BEFORE_KILL) child.kill('SIGKILL');
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, i) => client(`folder/key-${i % 3}`));
    await Promise.allSettled(clients);
    await ended;
  }

  const store = new ObjectStore(folder);
  onTestFinished(() => store.close());
  for (const key of ['folder/key-0', 'folder/key-1', 'folder/key-2']) {
    const { etag, details } = store.find('bucket', key)!;
    const text = readFileSync(store.fileOf('bucket', key)!, 'utf8');
    const version = Number(details.metadata.version);
    expect(text).toBe(bodyOf(version));
    expect(etag).toBe(createHash('md5').update(text).digest('hex'));
    const { answered = Number.POSITIVE_INFINITY } = writes[version]!;
    const lost = writes.filter((other) => other.key === key && other.answered !== undefined && other.sent > answered);
    expect(lost).toEqual([]);
  }
  expect(readdirSync(join(folder, 'bucket'), { recursive: true })).toHaveLength(4);
  expect(readdirSync(store.staging)).toEqual([]);
});
