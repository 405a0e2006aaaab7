import { ChildProcess, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createOptMl } from '../src/container/opt-ml.js';
import { startContainer } from '../src/container/start-container.js';
import { makeFolder, writeFiles } from './scene.js';

const SPAWN = pathToFileURL(join(import.meta.dirname, '../dist/container/spawn.js')).href;

it.runIf(process.platform === 'linux')('a process for which there are no descriptors left is a JobError', () => {
  // One is left for the log; the streams need more.
  const source = `
    import { closeSync, openSync } from 'node:fs';
    import { spawnLogged } from '${SPAWN}';
    let last;
    try { for (;;) last = openSync('/dev/null'); } catch {}
    closeSync(last);
    const place = { directory: '.', logFile: 'log.txt', tree: { base: '/opt/ml' } };
    await spawnLogged({ command: '/bin/true', args: [], name: 'it' }, place).catch(({ message }) => console.log(message));
  `;
  const folder = writeFiles(makeFolder(), { 'main.mjs': source });

  const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, 'main.mjs'];
  const { stdout, stderr, status } = spawnSync('/bin/sh', limited, { cwd: folder, encoding: 'utf8' });

  expect({ stdout, stderr, status }).toEqual({
    stdout: expect.stringMatching(/^it could not be started: .*EMFILE.*\n$/),
    stderr: '',
    status: 0,
  });
});

it('a program that SIGTERM may not be sent to ends by itself', async () => {
  const folder = makeFolder();
  const program = {
    command: '/bin/sh',
    args: ['-c', 'read -r line < "$0"', join(folder, 'gate')],
    file: 'program',
    folder,
  };
  spawnSync('mkfifo', [join(folder, 'gate')]);
  const tree = await createOptMl(join(folder, 'work'));
  const options = { program, command: 'train', environment: {}, tree, directory: folder } as const;
  const container = await startContainer({ ...options, logFile: join(folder, 'log.txt') });
  // As Node does where the system does not permit it.
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockImplementation(function (this: ChildProcess) {
    this.emit('error', new Error('kill EPERM'));
    writeFiles(folder, { gate: 'line\n' });
    return false;
  });
  onTestFinished(() => kill.mockRestore());

  const { exitCode, wasKilled } = await container.stop(2 ** 30);

  expect({ exitCode, wasKilled }).toEqual({ exitCode: 0, wasKilled: false });
});
