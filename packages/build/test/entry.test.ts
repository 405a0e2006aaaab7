/** The entry of a bundle, in front of programs of a few lines. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';

const entry = readFileSync(new URL('../entry.js', import.meta.url), 'utf8');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entry-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(program: string, command: string, nodeMajor = 20) {
  writeFileSync(join(folder, 'main.js'), entry.replace('NODE_MAJOR = 0;', `NODE_MAJOR = ${nodeMajor};`));
  for (const file of ['program.js', 'training.js']) writeFileSync(join(folder, file), program);
  return spawnSync(process.execPath, [join(folder, 'main.js'), command], { encoding: 'utf8' });
}

it('too old a Node is refused in one line, before the program is read', () => {
  const { status, stdout, stderr } = start('this is what an old Node cannot parse', 'train', 99);

  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toBe(
    `This program needs Node 99 or newer; received ${process.versions.node}. Start it with "npx node" inside its ` +
      'project, where npm installs Node 99, or install that version.\n',
  );
});

it('the entry parses as a script as well as a module, so that even old versions of Node print the refusal', () => {
  expect(() => new Script(entry)).not.toThrow();
  expect(entry).not.toMatch(/\?\?|\?\.|\bawait\b|^import |^export /m);
});

it.each(['train', 'serve'])(
  'hands a SIGTERM that came while %s was loading to the handler of the program',
  (command) => {
    const program = `
    process.kill(process.pid, 'SIGTERM');
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    console.log('loaded');
    process.on('SIGTERM', (signal) => { console.log('handled ' + signal); process.exit(0); });
    setInterval(() => {}, 2 ** 30);`;

    const { status, stdout } = start(program, command);

    expect(stdout).toBe('loaded\nhandled SIGTERM\n');
    expect(status).toBe(0);
  },
);

it('passes a signal on once, and each to its own handler', () => {
  const program = `
    process.kill(process.pid, 'SIGINT');
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    for (const name of ['SIGTERM', 'SIGINT']) process.on(name, (signal) => console.log(name + ' ' + signal));
    process.on('SIGINT', () => console.log('second'));
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    process.removeAllListeners('SIGTERM').kill(process.pid, 'SIGTERM');
    setInterval(() => {}, 2 ** 30);`;

  const { signal, stdout } = start(program, 'train');

  expect(stdout).toBe('SIGINT SIGINT\nsecond\n');
  expect(signal).toBe('SIGTERM');
});

it('a command without signal handlers is ended by the signal', () => {
  const { signal, stdout } = start(
    `process.kill(process.pid, 'SIGTERM'); setTimeout(() => console.log('deaf'), 2 ** 30);`,
    'describe',
  );

  expect(signal).toBe('SIGTERM');
  expect(stdout).toBe('');
});
