import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOptMl } from '../src/container/opt-ml.js';
import { startContainer } from '../src/container/start-container.js';
import { makeFolder, writeFiles } from './scene.js';

async function run(source: string, name = 'main.mjs') {
  const folder = writeFiles(makeFolder(), { [name]: source });
  const file = join(folder, name);
  const isScript = name.endsWith('.mjs');
  const program = { command: isScript ? process.execPath : file, args: isScript ? [file] : [], file, folder };
  const lines: string[] = [];
  const logFile = join(folder, 'logs/log.txt');
  const tree = await createOptMl(join(folder, 'work'));
  const options = { program, command: 'train', environment: {}, tree, directory: folder, logFile } as const;
  const container = await startContainer({ ...options, onLine: (line) => lines.push(line) });
  const exit = await container.exited;
  return { exit, lines, container, log: readFileSync(logFile, 'utf8') };
}

describe('the log of a container', () => {
  it('has the lines of stdout and stderr, with any line ends and chunks', async () => {
    const euro = '[0xe2], [0x82, 0xac, 0x0a]';
    const { lines, log } = await run(`
      for (const part of [${euro}]) { process.stdout.write(Uint8Array.from(part)); await new Promise(setImmediate); }
      process.stdout.write('windows\\r\\n\\nopen end');
    `);

    expect(lines).toEqual(['€', 'windows', '', 'open end']);
    expect(log).toBe('€\nwindows\n\nopen end\n');
  });

  it('has the paths of the platform', async () => {
    const { lines, log } = await run(`console.log(process.env.SAGEMAKER_BASE_DIR + '/input/data');`);

    expect(lines).toEqual(['/opt/ml/input/data']);
    expect(log).toBe('/opt/ml/input/data\n');
  });

  it('truncates an endless line, and keeps the newest lines for messages', async () => {
    const { lines, container } = await run(`
      process.stdout.write('x'.repeat(600_000));
      for (let i = 0; i < 30; i++) process.stdout.write('\\n' + i);
    `);

    expect(lines.slice(0, -30).join('')).toBe('x'.repeat(600_000));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400_000);
    expect(container.lastLines).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 10)));
  });
});

it('a program that cannot be started is a JobError that names it', async () => {
  await expect(run('not executable', 'program')).rejects.toThrow(
    /program could not be started: permission denied \(EACCES\)\.$/,
  );
});

it.runIf(process.platform === 'linux')('no process outlives a program, also none in a session of its own', async () => {
  const { lines } = await run(`
    import { spawn } from 'node:child_process';
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    child.once('spawn', () => { console.log(child.pid); child.unref(); });
  `);

  expect(isAlive(Number(lines[0]))).toBe(false);
});

it.runIf(process.platform === 'linux')('a process whose start cannot be recorded is ended', async () => {
  const folder = makeFolder();
  const tree = await createOptMl(folder);
  mkdirSync(join(dirname(tree.base), 'processes.json')); // where the record would be
  const program = {
    command: process.execPath,
    args: ['-e', 'setInterval(() => {}, 2 ** 30)'],
    file: 'program',
    folder,
  };
  const options = { program, command: 'train', environment: {}, tree, directory: folder } as const;
  const left = () => processesWith(`SAGEMAKER_BASE_DIR=${tree.base}`);
  onTestFinished(() => left().forEach((pid) => void process.kill(Number(pid), 'SIGKILL')));

  const start = startContainer({ ...options, logFile: join(folder, 'log.txt'), onLine: () => undefined });

  await expect(start).rejects.toThrow(/^program could not be started: .*\(EISDIR\)/);
  await expect.poll(left).toEqual([]);
});

/** Ids of the processes that have a variable; one that has ended has none. */
function processesWith(variable: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(variable);
    } catch {
      return false; // it has just ended
    }
  });
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
