/** Where a process container listens: its processes are those that have its SAGEMAKER_BASE_DIR; Linux names their sockets in /proc. */
import { existsSync, readFileSync } from 'node:fs';
import { hasVariable, type OptMl, openFiles, readProcesses } from '@algo/local';

export interface Listener {
  /** `127.0.0.1`, `0.0.0.0`, `[::1]`, `[::]`, or the hexadecimal digits of another IPv6 address. */
  readonly address: string;
  readonly port: number;
}

/** Undefined where there is no /proc. */
export function listenersOf({ base }: OptMl): readonly Listener[] | undefined {
  if (!existsSync('/proc/net/tcp')) return undefined;
  const processes = readProcesses().filter((entry) => hasVariable(entry, `SAGEMAKER_BASE_DIR=${base}\0`));
  const own = new Set(processes.flatMap((entry) => openFiles(entry)));
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => parseTable(table, own));
}

/** "127.0.0.1:8080, [::1]:8081", for messages. */
export function listListeners(listeners: readonly Listener[]): string {
  return listeners.map(({ address, port }) => `${address}:${port}`).join(', ');
}

// --- internal ---

/** As the kernel prints them on little-endian machines. */
const IPV6: Readonly<Record<string, string>> = {
  ['0'.repeat(32)]: '[::]',
  [`${'0'.repeat(24)}01000000`]: '[::1]',
};
/** Column 4 of proc_pid_net(5) for a socket that listens. */
const LISTEN = '0A';

function parseTable(path: string, own: ReadonlySet<string>): readonly Listener[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [address = '', port = ''] = (fields[1] ?? '').split(':');
    if (fields[3] !== LISTEN || !own.has(`socket:[${fields[9]}]`)) return [];
    return [
      { address: IPV6[address] ?? (address.length === 8 ? dotted(address) : address), port: Number.parseInt(port, 16) },
    ];
  });
}

/** The kernel prints the address as a number of this machine's byte order. */
function dotted(hexadecimal: string): string {
  return (hexadecimal.match(/../g) ?? [])
    .toReversed()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}
