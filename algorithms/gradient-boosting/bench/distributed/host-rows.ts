/** The rows of the bench: what was measured, against XGBoost, and what the model of the cost says. */
import { median, type Outcome, type Row, row, type Sample } from '@algo/bench';
import { speedUp, type TreeCost, withLink } from './cost-model.ts';

export interface Measured {
  /** Two hosts. */
  readonly ours: readonly Sample[];
  readonly peers: Readonly<Record<Peer, Outcome>>;
}

type Peer =
  | 'alone'
  | 'one'
  | 'four'
  | 'aloneOfFour'
  | 'few'
  | 'fewAlone'
  | 'twoAt1'
  | 'twoAt10'
  | 'fourAt1'
  | 'fourAt10'
  | 'xgboost'
  | 'xgboostAlone';

const TIME = { unit: 'ms', key: 'millisecondsPerTree' } as const;
const BYTES = { unit: 'MB', key: 'megabytesPerTree' } as const;
/** A prediction may be off by so much. */
const MOST_PERCENT = 20;
const MODEL_ROWS = 10_000_000;

/** @param rows of all hosts, and in the smaller table */
export function hostRows(
  { ours, peers }: Measured,
  rows: { readonly all: number; readonly few: number },
  xgboost: string,
): Row[] {
  const own = (peer: Peer) => ownSamples(peers[peer], peer);
  const [two, four] = [ours, own('four')];
  const overhead = (together: readonly Sample[], alone: readonly Sample[]) =>
    together.map((sample, i) => ({ overhead: sample[TIME.key]! - alone[i]![TIME.key]! }));
  const peerOverhead: Outcome =
    'samples' in peers.xgboost && 'samples' in peers.xgboostAlone
      ? { samples: overhead(peers.xgboost.samples, peers.xgboostAlone.samples) }
      : { missing: 'missing' in peers.xgboost ? peers.xgboost.missing : 'its run on one host failed' };
  const atMost1 = { value: 'ratio', atMost: 1 } as const;
  const more = (unit: string) => ({ unit, key: 'overhead' }) as const;
  const cost = costOf(two, own('alone'), rows.all / 2);
  return [
    row({ measure: '2 hosts: sent', ...BYTES, ours, peer: { name: xgboost, outcome: peers.xgboost }, goal: atMost1 }),
    row({
      ...{ measure: '2 hosts: time more than a host alone on its rows', ...more('ms') },
      ...{ ours: overhead(two, own('alone')), peer: { name: xgboost, outcome: peerOverhead }, goal: atMost1 },
    }),
    row({ measure: '1 host: time', ...TIME, ours: own('one') }),
    row({ measure: '2 hosts: time', ...TIME, ours, peer: { name: xgboost, outcome: peers.xgboost } }),
    row({ measure: '4 hosts on 2 processors: time', ...TIME, ours: four }),
    row({ measure: '… a host alone on a half of the rows', ...TIME, ours: own('alone') }),
    row({ measure: '… a host alone on a quarter of the rows', ...TIME, ours: own('aloneOfFour') }),
    row({ measure: '4 hosts: sent', ...BYTES, ours: four }),
    row({ measure: `2 hosts, ${rows.few} rows: time`, ...TIME, ours: own('few') }),
    row({
      ...{ measure: `2 hosts, ${rows.few} rows: time more than a host alone`, ...more('ms') },
      ours: overhead(own('few'), own('fewAlone')),
    }),
    row({ measure: `2 hosts, ${rows.few} rows: sent`, ...BYTES, ours: own('few') }),
    ...LINKS.map(([name, peer, base, hosts, rate]) =>
      row({
        ...{ measure: `${name}: prediction off by`, unit: '%', key: 'percent' },
        ours: [errorOf(base === 'two' ? two : four, own(peer), hosts, rate)],
        goal: { value: 'ours', atMost: MOST_PERCENT },
      }),
    ),
    ...[10, 100].flatMap((gigabits) =>
      [2, 4, 8, 16, 32, 64].map((hosts) =>
        row({
          measure: `model: ${MODEL_ROWS} rows, ${hosts} hosts, ${gigabits} Gbit/s: speed`,
          ...{ unit: '× one host', key: 'speed' },
          ours: [{ speed: speedUp(cost, MODEL_ROWS, { hosts, rate: gigabits * 1e9 }) }],
        }),
      ),
    ),
  ];
}

// --- internal ---

const LINKS: readonly (readonly [name: string, Peer, 'two' | 'four', hosts: number, rate: number])[] = [
  ['2 hosts, 1 Gbit/s', 'twoAt1', 'two', 2, 1e9],
  ['2 hosts, 10 Gbit/s', 'twoAt10', 'two', 2, 1e10],
  ['4 hosts, 1 Gbit/s', 'fourAt1', 'four', 4, 1e9],
  ['4 hosts, 10 Gbit/s', 'fourAt10', 'four', 4, 1e10],
];

function ownSamples(outcome: Outcome, name: string): readonly Sample[] {
  if ('samples' in outcome) return outcome.samples;
  throw new Error(`${name}: ${outcome.missing}`);
}

/** How far the model is from what was measured over a slower link, in percent. */
function errorOf(free: readonly Sample[], limited: readonly Sample[], hosts: number, rate: number) {
  const middle = (samples: readonly Sample[], key: string) => median(samples.map((sample) => sample[key]!));
  const sent = (middle(free, BYTES.key) * 1e6) / hosts;
  const predicted = withLink(middle(free, TIME.key), sent, rate);
  return { percent: 100 * Math.abs(predicted / middle(limited, TIME.key) - 1) };
}

/** @param rowsOfOne of a host alone */
function costOf(two: readonly Sample[], alone: readonly Sample[], rowsOfOne: number): TreeCost {
  const time = (samples: readonly Sample[]) => median(samples.map((sample) => sample[TIME.key]!));
  const bytes = (median(two.map((sample) => sample[BYTES.key]!)) * 1e6) / 2; // one of two hosts sends each histogram once
  return {
    millisecondsPerRow: time(alone) / rowsOfOne,
    bytes,
    millisecondsPerByte: Math.max(0, time(two) - time(alone)) / bytes,
  };
}
