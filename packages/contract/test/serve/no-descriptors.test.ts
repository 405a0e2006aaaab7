import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const WORKER_PROCESS = pathToFileURL(join(import.meta.dirname, '../../dist/serve/worker-process.js')).href;

it('a worker for which there are no descriptors left has ended, and its program lives', () => {
  const program = `
    import { closeSync, openSync } from 'node:fs';
    import { startWorkerProcess } from '${WORKER_PROCESS}';
    const open = [];
    try { for (;;) open.push(openSync('/dev/null')); } catch {}
    const worker = startWorkerProcess();
    const reason = await worker.ended;
    worker.end();
    open.forEach((fd) => closeSync(fd));
    console.log(reason);
  `;

  const limited = [
    '-c',
    'ulimit -n 64; exec "$@"',
    'sh',
    process.execPath,
    '--input-type=module',
    '--eval',
    program,
    'main.mjs',
  ];
  const { stdout, stderr, status } = spawnSync('/bin/sh', limited, { encoding: 'utf8' });

  expect({ stdout, stderr, status }).toEqual({ stdout: expect.stringMatching(/EMFILE\n$/), stderr: '', status: 0 });
});
