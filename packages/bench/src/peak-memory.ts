/**
 * Preloaded into measured Node programs (`--import`): when the process ends it appends its peak resident memory in bytes
 * to $ALGO_BENCH_PEAK_FILE. Linux's VmHWM is used where it exists, since maxRSS of getrusage also counts the moment
 * before exec, when the child still was a copy of its parent.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const target = process.env.ALGO_BENCH_PEAK_FILE;
if (target && isMainThread) process.on('exit', () => appendFileSync(target, `${peakBytes()}\n`));

function peakBytes(): number {
  if (!existsSync('/proc/self/status')) return process.resourceUsage().maxRSS * 1024;
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(match?.[1]) * 1024;
}
