/** Files of a channel through FIFOs, an epoch after the other, as the platform sends them in Pipe mode. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerRoot } from './container-root.js';

export interface PipeFeed {
  /** Ends it; what still waits for a reader or a writer goes with it. */
  stop(): void;
}

/** Makes `<channel>_<n>` and writes the files into it, joined in the order of their names, for n = 0, 1, … until it is stopped. */
export function feedPipe(
  root: ContainerRoot,
  channel: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): PipeFeed {
  // A host may have no object of a channel; `cat` must have a file.
  const contents = Object.entries(files).length > 0 ? Object.entries(files) : [['none', ''] as const];
  for (const [name, content] of contents) root.write(join('feed', channel, name), content);
  mkdirSync(root.paths.data, { recursive: true });
  const source = join(root.paths.base, 'feed', channel);
  const feeder: ChildProcess = spawn('sh', ['-c', FEED_EPOCHS, 'feed', join(root.paths.data, channel), source], {
    detached: true,
    stdio: 'ignore',
  });
  let isStopped = false;
  return {
    stop() {
      if (!isStopped && feeder.exitCode === null) process.kill(-feeder.pid!, 'SIGKILL');
      isStopped = true;
    },
  };
}

// --- internal ---

const FEED_EPOCHS = 'n=0; while mkfifo "$1_$n" && cat "$2"/* > "$1_$n"; do n=$((n+1)); done';
