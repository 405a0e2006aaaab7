/** The processes of a program that left its group, its session and its variables; Linux alone has what finds them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOptMl } from '../src/container/opt-ml.js';
import { openFamily } from '../src/container/process-family.js';
import { readProcess } from '../src/container/process-table.js';
import { recordProgram } from '../src/container/program-record.js';
import { startContainer } from '../src/container/start-container.js';
import { killRecorded } from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';

const ESCAPE = 'env -i setsid sleep 600';

/** A program that starts a process and ends with its input. */
async function start(command: string) {
  const script = `${command} & echo $!; read -r line`;
  const program = spawn('/bin/sh', ['-c', script], { env: {}, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const family = openFamily(program.pid!, 'SAGEMAKER_BASE_DIR=/nowhere')!;
  onTestFinished(() => void family.kill());
  onTestFinished(() => family.forget());
  const [line] = await once(createInterface({ input: program.stdout }), 'line');
  const end = async () => {
    program.stdin.end();
    await once(program, 'exit');
  };
  return { family, pid: Number(line), end };
}

async function isGone(pid: number): Promise<void> {
  await expect.poll(() => readProcess(pid), { interval: 5 }).toBeUndefined();
}

/** Children of this process, also those that have ended and whose exit code nobody has asked for. */
function children() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, command, state, parent] = /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))!;
        return Number(parent) === process.pid ? [{ pid: Number(name), command, state }] : [];
      } catch {
        return []; // it has just gone
      }
    });
}

/** Nothing else happens in this process until a child that it has just spawned has ended, or is a shell that waits. */
function holdUp(earlier: ReadonlySet<number>): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const child = children().find(({ pid }) => !earlier.has(pid));
    if (child?.state === 'Z' || (child?.command === 'sh' && child.state === 'S')) return;
    Atomics.wait(clock, 0, 0, 5);
  }
}

describe.runIf(process.platform === 'linux')('a process that left its session and its variables', () => {
  it.each<[string, (earlier: ReadonlySet<number>) => void]>([
    ['while this process is idle', () => undefined],
    ['while this process is held up until the program waits or has ended', holdUp],
  ])('does not outlive the program whose output it has, started %s', async (_, afterSpawn) => {
    const folder = writeFiles(makeFolder(), {
      'main.mjs': `
        import { spawn } from 'node:child_process';
        const child = spawn('sleep', ['600'], { env: {}, detached: true, stdio: ['ignore', 'inherit', 'ignore'] });
        child.once('spawn', () => { console.log(child.pid); child.unref(); });
      `,
    });
    const file = join(folder, 'main.mjs');
    const lines: string[] = [];

    const tree = await createOptMl(join(folder, 'work'));
    const earlier = new Set(children().map(({ pid }) => pid));

    const starting = startContainer({
      program: { command: process.execPath, args: [file], file, folder },
      ...{ command: 'train', environment: {}, tree, directory: folder },
      ...{ logFile: join(folder, 'log.txt'), onLine: (line) => lines.push(line) },
    });
    afterSpawn(earlier);
    await (await starting).exited;

    expect(lines).toEqual([expect.stringMatching(/^\d+$/)]);
    await isGone(Number(lines[0]));
  });

  it('is remembered as a child of the program, also without its output', async () => {
    const { family, pid, end } = await start(`${ESCAPE} > /dev/null 2>&1`);

    family.look();
    await end();
    const count = family.kill();

    expect(count).toBe(1);
    await isGone(pid);
  });

  it('is found by the record of its program once nobody remembers it, in the folder of the program alone', async () => {
    const { family, pid, end } = await start(ESCAPE);
    const folder = makeFolder();
    recordProgram(await createOptMl(join(folder, 'training-job/name/container')), family.marks);
    await end();

    const others = killRecorded(makeFolder());
    const own = killRecorded(folder);

    expect([others, own]).toEqual([0, 1]);
    await isGone(pid);
  });
});

describe.runIf(process.platform === 'linux')("a process that is not the program's", () => {
  it('is not killed for working in its folder, or for a file there that it has open', async () => {
    const folder = makeFolder();
    const { family } = await start('true');
    const stdout = openSync(join(folder, 'log.txt'), 'w');
    const other = spawn('sleep', ['600'], { cwd: folder, env: {}, stdio: ['ignore', stdout, 'ignore'] });
    onTestFinished(() => void other.kill('SIGKILL'));
    await once(other, 'spawn');

    family.look();
    family.kill();
    const exited = once(other, 'exit');
    other.kill('SIGTERM'); // one that got SIGKILL before ends by that

    expect((await exited)[1]).toBe('SIGTERM');
  });

  it.each<[string, (record: Record<string, unknown>) => unknown]>([
    ['is of an earlier boot', (record) => ({ ...record, boot: 'earlier' })],
    ['names no streams', (record) => ({ ...record, streams: undefined })],
    ['has a start after that of the process', (record) => ({ ...record, since: Number.MAX_SAFE_INTEGER })],
    ['has an empty variable, which each process begins with', (record) => ({ ...record, variable: '' })],
    ['is null', () => null],
  ])('is not killed by a record that %s', async (_, change) => {
    const { family, pid } = await start(ESCAPE);
    const folder = makeFolder();
    const tree = await createOptMl(folder);
    recordProgram(tree, family.marks);
    const file = join(dirname(tree.base), 'processes.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));

    const count = killRecorded(folder);

    expect(count).toBe(0);
    expect(readProcess(pid)).toBeDefined();
  });
});
