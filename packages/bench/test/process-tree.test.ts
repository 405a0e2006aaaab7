import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { processTree } from '../src/process-tree.js';

it.runIf(existsSync('/proc/self/stat'))('counts a process and what it has started, and nothing else', async () => {
  // The shell starts another one, and waits. That says its number: one that has just been forked may have no memory yet.
  const script = `/bin/sh -c 'echo $$; read -r line' <&3 & wait`;
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  const [line] = (await once(shell.stdout!, 'data')) as [Buffer];
  const child = Number(line.toString());
  onTestFinished(() => {
    process.kill(child);
    shell.kill();
  });

  const tree = processTree(shell.pid!);

  expect(tree.map(({ pid }) => pid)).toEqual([shell.pid, child]);
  expect(tree.every(({ residentMB, processorMs }) => residentMB > 0 && processorMs >= 0)).toBe(true);
});
