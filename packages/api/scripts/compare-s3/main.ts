/**
 * Compares this package's S3 with versitygw, which also serves plain files: the same requests to both, part by part of the
 * answers. `npm run compare-s3 --workspace @algo/api`, after a build. Takes Go, which builds versitygw from its module.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { reservePort } from '@algo/local';
import { createS3 } from '../../dist/s3/s3.js';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { type Ask, runRequests } from './requests.ts';
import { type ComparedAnswer, type Server, sendSigned } from './signed-client.ts';

const VERSION = 'v1.8.0';
const KEYS = { accessKey: 'local', secretKey: 'local-secret' };

const folder = mkdtempSync(join(tmpdir(), 'algo-compare-s3-'));
try {
  const ours = await withOurs(folder, (port) => answersOf({ port, ...KEYS }));
  const theirs = await withVersity(folder, (port) => answersOf({ port, ...KEYS }));
  process.exitCode = report(ours, theirs) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// --- internal ---

type Answers = ReadonlyMap<string, ComparedAnswer>;

async function answersOf(server: Server): Promise<Answers> {
  const answers = new Map<string, ComparedAnswer>();
  const ask: Ask = async (name, method, path, request = {}) => {
    const answer = await sendSigned(server, method, path, request);
    if (answers.has(name)) throw new Error(`Two requests have the name "${name}".`);
    answers.set(name, answer);
    return answer;
  };
  const startUpload = async (headers = {}) => {
    const { uploadId } = await sendSigned(server, 'POST', '/bucket/up?uploads=', { headers });
    if (uploadId === undefined) throw new Error('An upload in parts did not start.');
    return uploadId;
  };
  await runRequests(ask, startUpload);
  return answers;
}

/** Prints the differences; true if all are known and all known ones are there. */
function report(ours: Answers, theirs: Answers): boolean {
  const seen = new Set<(typeof KNOWN_DIFFERENCES)[number]>();
  let unknown = 0;
  for (const [name, answer] of ours) {
    for (const { part, our, their } of differences(answer, theirs.get(name)!)) {
      const known = KNOWN_DIFFERENCES.find(({ pattern }) => pattern.test(`${name} ${part}`));
      if (known !== undefined) seen.add(known);
      else unknown++;
      if (known === undefined)
        console.log(`${name} ${part}: ${JSON.stringify(our)}; versitygw: ${JSON.stringify(their)}`);
    }
  }
  const gone = KNOWN_DIFFERENCES.filter((known) => !seen.has(known));
  for (const { pattern, reason } of KNOWN_DIFFERENCES) console.log(`known: ${pattern.source}: ${reason}`);
  for (const { pattern } of gone) console.log(`no longer there: ${pattern.source}`);
  console.log(
    `${ours.size} requests, ${unknown} unknown differences, ${seen.size} known ones with versitygw ${VERSION}`,
  );
  return unknown === 0 && gone.length === 0;
}

function* differences(ours: ComparedAnswer, theirs: ComparedAnswer) {
  const [ourResult, theirResult] = [ours, theirs].map(({ status, code = '' }) => `${status} ${code}`.trim());
  if (ourResult !== theirResult) {
    yield { part: 'result', our: ourResult, their: theirResult };
    return;
  }
  for (const group of ['headers', 'body'] as const) {
    for (const name of new Set([...Object.keys(ours[group]), ...Object.keys(theirs[group])])) {
      // An element that is empty and one that is not there mean the same to clients.
      const [our, their] = [ours[group][name] ?? '', theirs[group][name] ?? ''];
      if (our !== their) yield { part: `${group} ${name}`, our, their };
    }
  }
}

async function withOurs<T>(parent: string, use: (port: number) => Promise<T>): Promise<T> {
  const s3 = createS3({ folder: join(parent, 'ours'), onError: (error) => console.error(error) });
  const server = createServer(s3.handleS3);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
    server.closeAllConnections();
    s3.close();
  }
}

async function withVersity<T>(parent: string, use: (port: number) => Promise<T>): Promise<T> {
  const [root, sidecar] = [join(parent, 'theirs'), join(parent, 'sidecar')];
  for (const path of [root, sidecar]) mkdirSync(path);
  const { port, release } = await reservePort();
  const options = ['--port', `127.0.0.1:${port}`, '--access', KEYS.accessKey, '--secret', KEYS.secretKey, '--quiet'];
  const child = spawn(installVersity(), [...options, 'posix', '--sidecar', sidecar, root], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    await untilListening(port, () => child.exitCode !== null);
    return await use(port);
  } finally {
    child.kill('SIGKILL');
    await ended;
    release();
  }
}

/** The program, built on first use and kept outside of the clone. */
function installVersity(): string {
  const folder = join(homedir(), '.cache', 'algo-compare-s3', VERSION);
  const program = join(folder, 'versitygw');
  if (!existsSync(program)) {
    console.log(`building versitygw ${VERSION}`);
    const module = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
    execFileSync('go', ['install', module], { env: { ...process.env, GOBIN: folder }, stdio: 'inherit' });
  }
  return program;
}

async function untilListening(port: number, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (hasEnded()) throw new Error('versitygw has ended; its output above says why.');
    await delay(50);
  }
}
