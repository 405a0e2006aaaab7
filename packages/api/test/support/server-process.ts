/** A server in a process of its own, which runs the build output: `npm run build` first. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Answer, callSageMaker } from './scene.js';

const PROGRAM = join(import.meta.dirname, '..', 'fixtures', 'server-process.js');

export interface ServerProcess {
  readonly url: string;
  call(operation: string, input: unknown): Promise<Answer>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** In a data folder whose bucket `data` has numbers with the sum 10 below `train/`. */
export async function startServerProcess(folder: string, algorithms: string, jobs = 1): Promise<ServerProcess> {
  mkdirSync(join(folder, 's3/data/train'), { recursive: true });
  writeFileSync(join(folder, 's3/data/train/a.csv'), '1,2\n3,4\n');
  const child = spawn(process.execPath, [PROGRAM, folder, algorithms, String(jobs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const failed = exited.then(([code]) =>
    Promise.reject(new Error(`The server ended with exit code ${code} before it listened.`)),
  );
  const [line] = (await Promise.race([once(child.stdout, 'data'), failed])) as [Buffer];
  const url = line.toString().trim();
  return {
    url,
    call: (operation, input) => callSageMaker(url, operation, input),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
