/** What the processes of a serving container have of the system: the ports that they listen on, and files in shared memory. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Program, predict, startProgram, untilLogged, untilWorkers, waitingFor } from './running-program.js';

// Other containers of an inference pipeline share its addresses.
it('listens on the port that it is given, and on no other, in all its processes', async () => {
  const program = await startProgram({ workers: 2, variables: { SAGEMAKER_SAFE_PORT_RANGE: '20000-20009' } });

  const processes = await processesOf(program);

  expect(new Set(processes.flatMap(listenedBy))).toEqual(new Set([program.port]));
});

// It may have 64 MB, which a user of the platform cannot change.
it('has nothing in /dev/shm, however large the bodies that its processes hand each other', async () => {
  const program = await startProgram({ workers: 2 });
  const processes = await processesOf(program);

  const answers = Promise.all([1, 2].map(() => send(program, `7,-1,0\n${'1,0,0\n'.repeat(500_000)}`)));
  await expect.poll(() => waitingFor(program).length).toBe(2);
  const files = processes.flatMap(filesOf);
  program.root.write('gate', '');

  expect(files.some((path) => path.endsWith('/node'))).toBe(true);
  expect(files.filter((path) => path.startsWith('/dev/shm'))).toEqual([]);
  expect(await answers).toEqual([200, 200]);
});

// --- internal ---

/** The first process and those that it has started, once each has its model. */
async function processesOf(program: Program): Promise<readonly number[]> {
  await untilLogged(program, /model ready/);
  await untilWorkers(program, 2);
  await predict(program, [1, 2, 0]);
  const first = program.child.pid!;
  const processes = [first, ...childrenOf(first)];
  expect(processes.length).toBeGreaterThanOrEqual(3);
  return processes;
}

async function send(program: Program, body: string): Promise<number> {
  const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
  const answer = await fetch(`${program.url}/invocations`, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
}

/** Files that a process has open or in its memory. */
function filesOf(pid: number): string[] {
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  const mapped = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return [...open, ...mapped.map((line) => /\s(\/.*)$/.exec(line)?.[1] ?? '')];
}

/** TCP ports that a process listens on, from /proc. */
function listenedBy(pid: number): number[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]),
  );
  return ['tcp', 'tcp6'].flatMap((table) => {
    const sockets = readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1);
    return sockets.flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      return state === LISTEN && inodes.has(inode) ? [Number.parseInt(local.split(':').at(-1)!, 16)] : [];
    });
  });
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

/** In the kernel's tables. */
const LISTEN = '0A';

/** A descriptor may be closed while they are read. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
