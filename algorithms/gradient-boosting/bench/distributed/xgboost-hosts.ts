/** XGBoost's own distributed training on hosts of this machine: a Python process each, and its tracker on the first. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dealOut,
  type HostProgram,
  type HostTable,
  onHosts,
  PYTHON_VARIABLES,
  type PythonEnvironment,
  type Sample,
  timeRounds,
} from '@algo/bench';
import { TREES, TREES_TIMED } from './timed-trees.ts';

const SCRIPT = join(import.meta.dirname, '..', 'peers', 'xgboost-hosts.py');

export async function trainXgboost(
  python: PythonEnvironment,
  table: HostTable,
  hosts: number,
  directory: string,
): Promise<Sample> {
  const folder = join(directory, `xgboost-${performance.now()}`);
  mkdirSync(folder);
  const files = dealOut(table, hosts).map((part, host) => {
    const file = join(folder, `${host}.npy`);
    writeFileSync(file, part.npy());
    return file;
  });
  return onHosts(hosts, undefined, async (network) => {
    const running = files.map((file, host) => {
      const options = [file, String(hosts), String(TREES), network.addresses[0]!, join(folder, 'tracker')];
      const python3 = join(python.binDirectory!, 'python');
      const [command, ...args] = [...network.launcher(host), python3, SCRIPT, String(host)];
      return start(command!, [...args, ...options]);
    });
    try {
      return await timeRounds(network, running, TREES_TIMED);
    } finally {
      for (const { kill } of running) kill();
    }
  });
}

// --- internal ---

function start(command: string, args: readonly string[]): HostProgram & { kill(): void } {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...PYTHON_VARIABLES },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
      child.emit('output');
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code as number | null) ?? (signal as string));
  return {
    ended: () => ended,
    kill: () => void child.kill('SIGKILL'),
    async printed(text) {
      while (!output.includes(text)) {
        const event = await Promise.race([once(child, 'output'), ended]);
        if (!Array.isArray(event) && !output.includes(text)) throw new Error(`XGBoost ended: ${output.slice(-1000)}`);
      }
    },
  };
}
