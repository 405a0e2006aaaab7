/** What a serving container listens on: other containers of an inference pipeline share its addresses. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { predict, startProgram, untilLogged, untilWorkers } from './running-program.js';

it('listens on the port that it is given, and on no other, in all its processes', async () => {
  const program = await startProgram({ workers: 2, variables: { SAGEMAKER_SAFE_PORT_RANGE: '20000-20009' } });
  await untilLogged(program, /model ready/);
  await untilWorkers(program, 2);
  await predict(program, [1, 2, 0]);

  const first = program.child.pid!;
  const processes = [first, ...childrenOf(first)];

  expect(processes.length).toBeGreaterThanOrEqual(3);
  expect(new Set(processes.flatMap(listenedBy))).toEqual(new Set([program.port]));
});

// --- internal ---

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
