/** Jobs on several hosts of this machine: how long they take, and what their hosts send meanwhile. */
import { type HostNetwork, makeHostNetwork } from './host-network.js';
import type { Sample } from './rounds.js';
import { type Goal, type Row, type RowInput, row } from './row.js';

/** The program of a host while it runs. */
export interface HostProgram {
  /** Resolves when the text has been printed. @throws Error when the program ends before */
  printed(text: string): Promise<void>;
  /** The exit code, or the signal that killed it. */
  ended(): Promise<number | string | null>;
}

/** Lines of the first host between which is measured. */
export interface Span {
  readonly from: string;
  readonly to: string;
  /** Rounds of the training between them; the numbers are those of one. */
  readonly rounds: number;
}

/** @param rate of each host's link, in bits per second; undefined: that of this machine */
export async function onHosts<T>(
  hosts: number,
  rate: number | undefined,
  run: (network: HostNetwork) => Promise<T>,
): Promise<T> {
  const network = makeHostNetwork(hosts);
  try {
    if (rate !== undefined) for (const host of network.names.keys()) network.slow(host, rate);
    return await run(network);
  } finally {
    network.remove();
  }
}

/**
 * Runs jobs whose programs end with it, whatever happens.
 * @param use makes what starts them, and is given what a test runner does after each test: `useHosts` of @algo/contract/testing
 */
export async function untilEnd<Jobs, T>(
  use: (runner: { readonly afterEach: (clean: () => Promise<void>) => void }) => Jobs,
  run: (jobs: Jobs) => Promise<T>,
): Promise<T> {
  let clean = async (): Promise<void> => undefined;
  const jobs = use({
    afterEach: (end) => {
      clean = end;
    },
  });
  try {
    return await run(jobs);
  } finally {
    await clean();
  }
}

/**
 * `milliseconds` and `megabytes`, which all hosts together have sent, of a round.
 * @param programs by rank
 * @throws Error when one of them fails
 */
export async function timeRounds(
  network: HostNetwork,
  programs: readonly HostProgram[],
  { from, to, rounds }: Span,
): Promise<Sample> {
  const first = programs[0]!;
  await first.printed(from);
  const [start, before] = [performance.now(), sentByAll(network)];
  await first.printed(to);
  const [milliseconds, bytes] = [performance.now() - start, sentByAll(network) - before];
  await requireSuccess(programs);
  return { milliseconds: milliseconds / rounds, megabytes: bytes / rounds / 1e6 };
}

/** The same of a whole job, from its start to its end. */
export async function timeJob(network: HostNetwork, start: () => Promise<readonly HostProgram[]>): Promise<Sample> {
  const begin = performance.now();
  await requireSuccess(await start());
  return { milliseconds: performance.now() - begin, megabytes: sentByAll(network) / 1e6 };
}

/** What is measured of any algorithm, on the same rows but for `alone`: a host alone on half of them. */
export interface HostSamples {
  readonly one: readonly Sample[];
  readonly two: readonly Sample[];
  readonly four: readonly Sample[];
  readonly alone: readonly Sample[];
}

/** Time and bytes against the number of hosts. @param peer on two hosts @param goal of its bytes */
export function hostRows({ one, two, four, alone }: HostSamples, peer?: RowInput['peer'], goal?: Goal): Row[] {
  const compared = peer && { peer };
  return [
    row({ ...HOST_TIME, measure: '1 host: time', ours: one }),
    row({ ...HOST_TIME, measure: '… on half of the rows', ours: alone }),
    row({ ...HOST_TIME, measure: '2 hosts: time', ours: two, ...compared }),
    row({ ...HOST_TIME, measure: '4 hosts on 2 processors: time', ours: four }),
    row({ ...HOST_BYTES, measure: '2 hosts: sent', ours: two, ...compared, ...(goal && { goal }) }),
    row({ ...HOST_BYTES, measure: '4 hosts: sent', ours: four }),
  ];
}

export const HOST_TIME = { unit: 'ms', key: 'milliseconds' } as const satisfies Partial<RowInput>;
export const HOST_BYTES = { unit: 'MB', key: 'megabytes' } as const satisfies Partial<RowInput>;

// --- internal ---

const sentByAll = (network: HostNetwork) => network.names.reduce((sum, _, host) => sum + network.sentBytes(host), 0);

async function requireSuccess(programs: readonly HostProgram[]): Promise<void> {
  const codes = await Promise.all(programs.map((program) => program.ended()));
  if (codes.some((code) => code !== 0)) throw new Error(`a host ended with ${codes.join(', ')}`);
}
