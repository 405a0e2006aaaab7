/**
 * Rounds of measurement: ours and every peer run alternately (A B C, A B C, …), so a slow minute of the machine affects
 * all of them. The result of a contender is its median over the rounds.
 */

/** What one run gives, by name with the unit in it: `seconds`, `peakMB`. */
export type Sample = Readonly<Record<string, number>>;

/** One program under measurement. */
export interface Contender {
  /** Why it cannot be run, e.g. a package that did not install; then `run` is never called. */
  readonly missing?: string | undefined;
  run(): Promise<Sample>;
}

/** All runs of one contender, or why there are none. */
export type Outcome = { readonly samples: readonly Sample[] } | { readonly missing: string };

export interface AlternateOptions<Name extends string> {
  readonly ours: Contender;
  readonly peers: Readonly<Record<Name, Contender>>;
  /** Runs of each contender; odd, so that the median is a run that happened. */
  readonly rounds: number;
  progress(line: string): void;
}

/**
 * Runs ours and the peers in turn.
 * @throws whatever our own contender throws; a peer that throws is skipped afterwards, with its message as the reason
 */
export async function alternate<Name extends string>(
  options: AlternateOptions<Name>,
): Promise<{ readonly ours: readonly Sample[]; readonly peers: Readonly<Record<Name, Outcome>> }> {
  const ours: Sample[] = [];
  const peers = entries(options.peers).map(([name, contender]) => ({
    name,
    contender,
    samples: [] as Sample[],
    missing: contender.missing,
  }));
  for (let round = 1; round <= options.rounds; round++) {
    options.progress(`round ${round} of ${options.rounds}`);
    ours.push(await options.ours.run());
    for (const peer of peers) {
      if (peer.missing !== undefined) continue;
      try {
        peer.samples.push(await peer.contender.run());
      } catch (error) {
        peer.missing = error instanceof Error ? error.message : String(error);
      }
    }
  }
  const outcomes = peers.map(({ name, samples, missing }): [Name, Outcome] => [
    name,
    missing === undefined ? { samples } : { missing },
  ]);
  return { ours, peers: Object.fromEntries(outcomes) as Record<Name, Outcome> };
}

/** Runs in turn of which none is compared with another and each must succeed. @returns their samples, by name */
export async function alternateAll<Name extends string>(
  runs: Readonly<Record<Name, () => Promise<Sample>>>,
  { rounds, progress }: Pick<AlternateOptions<Name>, 'rounds' | 'progress'>,
): Promise<Readonly<Record<Name, readonly Sample[]>>> {
  const samples = entries(runs).map(([name, run]) => ({ name, run, done: [] as Sample[] }));
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    for (const { run, done } of samples) done.push(await run());
  }
  const named = samples.map(({ name, done }): [Name, readonly Sample[]] => [name, done]);
  return Object.fromEntries(named) as Record<Name, readonly Sample[]>;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('A median needs at least 1 value; received none.');
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}

// --- internal ---

/** Object.entries, with the keys' type kept: the record is a literal whose only keys are its declared ones. */
function entries<Name extends string, V>(record: Readonly<Record<Name, V>>): [Name, V][] {
  return Object.entries(record) as [Name, V][];
}
