import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createOptMl } from '../src/container/opt-ml.js';
import { killProcesses } from '../src/container/processes.js';
import { startContainer } from '../src/container/start-container.js';
import { giveWord, waitingCommand } from '../src/container/start-word.js';
import { makeFolder, writeFiles } from './scene.js';

/** A process that waits for the word before it writes the file `ran`. */
function startWaiting() {
  const folder = makeFolder();
  const [mark, ran] = [join(folder, 'mark'), join(folder, 'ran')];
  writeFileSync(mark, 'waits');
  const program = { command: '/bin/sh', args: ['-c', 'echo yes > "$0"', ran] };
  const { command, args } = waitingCommand(program, { directory: folder, variables: {}, startMark: mark });
  const child = spawn(command, args, { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return { folder, child, word: child.stdio[3] as Writable, mark: () => readFileSync(mark, 'utf8'), ran };
}

it('a program finds its mark emptied, and no other variables than without one', async () => {
  const source =
    'console.log(JSON.stringify(process.env)); console.log(require("fs").readFileSync(process.argv[3]) + "")';
  const folder = writeFiles(makeFolder(), { 'main.cjs': source, mark: 'waits' });
  const [file, startMark] = [join(folder, 'main.cjs'), join(folder, 'mark')];
  const tree = await createOptMl(join(folder, 'work'));
  const run = async (mark?: string) => {
    const lines: string[] = [];
    const container = await startContainer({
      program: { command: process.execPath, args: [file, 'train'], file, folder },
      ...{ command: 'train', arguments: [startMark], environment: { OWN: 'a b' }, tree, directory: folder },
      ...{ startMark: mark, logFile: join(folder, 'log.txt'), onLine: (line) => lines.push(line) },
    });
    await container.exited;
    return lines;
  };

  const [variables, without] = await run();
  const [same, emptied] = await run(startMark);

  expect([without, emptied]).toEqual(['waits', '']);
  expect(JSON.parse(same!)).toEqual(JSON.parse(variables!));
});

it.each(['/bin/sh', '/bin/bash', '/bin/dash'].filter((shell) => existsSync(shell)))(
  'a program gets no variables from %s',
  async (shell) => {
    const folder = makeFolder();
    const variables = { PATH: '/usr/bin:/bin' };
    const { args } = waitingCommand(
      { command: process.execPath, args: ['-p', 'JSON.stringify(process.env)'] },
      { directory: folder, variables },
    );
    const child = spawn(shell, args, { env: variables, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
    const output = text(child.stdout!);

    giveWord(child);

    expect(JSON.parse(await output)).toEqual(variables);
  },
);

it('a process that waits for the word when its parent ends does so too, and leaves its mark', async () => {
  const { child, word, mark, ran } = startWaiting();

  word.end();
  const [code] = await once(child, 'exit');

  expect([code, mark()]).toEqual([1, 'waits']);
  expect(() => readFileSync(ran)).toThrow('ENOENT');
});

it('a process that has not become the program is found by its mark', async () => {
  const { folder, child, mark } = startWaiting();
  await once(child, 'spawn');

  const count = killProcesses('argument', `${folder}/`);
  const [, signal] = await once(child, 'exit');

  expect([count, signal, mark()]).toEqual([1, 'SIGKILL', 'waits']);
});
