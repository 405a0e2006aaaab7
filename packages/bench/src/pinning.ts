/**
 * Keeps a server and its client on different processors, by `taskset`, so that neither takes time from the other. Where
 * there are too few processors for both, they share all of them.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Lists of processors as `taskset -c` takes them, e.g. `0,1`; undefined: all. */
export interface Pinning {
  readonly server: string | undefined;
  readonly client: string | undefined;
  /** For people, e.g. `server on CPU 0, client on CPU 1`. */
  readonly text: string;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** A processor for each process of the server and at least one for the client, of those that this process may use. */
export function pinServerAndClient(serverProcesses: number, cpus: readonly number[] = usableCpus()): Pinning {
  if (cpus.length > serverProcesses) {
    const server = cpus.slice(0, serverProcesses).join(',');
    const client = cpus.slice(serverProcesses).join(',');
    return { server, client, text: `server on CPU ${server}, client on CPU ${client}` };
  }
  return { server: undefined, client: undefined, text: 'server and client share the CPUs' };
}

/** The command on those processors only; taskset becomes the command, so the process is the same. */
export function pinned(cpus: string | undefined, { command, args }: Command): Command {
  return cpus === undefined ? { command, args } : { command: 'taskset', args: ['-c', cpus, command, ...args] };
}

/** `0-2,5` as Linux writes a list of processors. */
export function parseCpuList(text: string): readonly number[] {
  return text.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    if (!Number.isInteger(first) || !Number.isInteger(last)) {
      throw new TypeError(`A list of CPUs must be numbers and ranges, as 0-2,5; received "${text}".`);
    }
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

// --- internal ---

/** Those of the affinity mask; none without taskset, so that nothing is pinned. */
function usableCpus(): readonly number[] {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return list === undefined ? [] : parseCpuList(list);
  } catch {
    return [];
  }
}
