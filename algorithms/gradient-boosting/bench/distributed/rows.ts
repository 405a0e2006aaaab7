/** The rows of the bench: what was measured, against XGBoost, and what the model of the cost says. */
import { HOST_BYTES, HOST_TIME, hostRows, median, type Outcome, type Row, row, type Sample } from '@algo/bench';
import { speedUp, type TreeCost, treeTime } from './cost-model.ts';

export interface Measured {
  /** Two hosts. */
  readonly ours: readonly Sample[];
  readonly peers: Readonly<Record<Peer, Outcome>>;
}

type Peer =
  | 'one'
  | 'four'
  | 'alone'
  | 'twoApart'
  | 'fourApart'
  | 'twoSums'
  | 'fourSums'
  | 'few'
  | 'fewAlone'
  | 'twoAt1'
  | 'twoAt10'
  | 'fourAt1'
  | 'fourAt10'
  | 'xgboost'
  | 'xgboostAlone';

/** @param rows of all hosts, and in the smaller table */
export function treeRows(
  { ours: two, peers }: Measured,
  rows: { readonly all: number; readonly few: number },
  xgboost: string,
): Row[] {
  const own = (peer: Peer) => ownSamples(peers[peer], peer);
  const [one, four, alone] = [own('one'), own('four'), own('alone')];
  const xgboostMore = moreOf(peers.xgboost, peers.xgboostAlone);
  const peer = { name: xgboost, outcome: peers.xgboost };
  const costs: Readonly<Record<2 | 4, TreeCost>> = {
    2: costOf(own('twoApart'), own('twoSums'), two, 2),
    4: costOf(own('fourApart'), own('fourSums'), four, 4),
  };
  return [
    ...hostRows({ one, two, four, alone }, peer, AT_MOST_PEER),
    row({
      ...{ measure: '2 hosts: time more than a host alone on its rows', ...MORE, ours: more(two, alone) },
      ...{ peer: { name: xgboost, outcome: xgboostMore }, goal: AT_MOST_PEER },
    }),
    row({ measure: `2 hosts, ${rows.few} rows: time`, ...HOST_TIME, ours: own('few') }),
    row({
      ...{ measure: `2 hosts, ${rows.few} rows: time more than a host alone`, ...MORE },
      ours: more(own('few'), own('fewAlone')),
    }),
    row({ measure: `2 hosts, ${rows.few} rows: sent`, ...HOST_BYTES, ours: own('few') }),
    row({ measure: 'part: 2 hosts compute', ...HOST_TIME, ours: own('twoApart') }),
    row({ measure: 'part: 4 hosts compute on 2 processors', ...HOST_TIME, ours: own('fourApart') }),
    row({ measure: 'part: 2 hosts exchange', ...HOST_TIME, ours: own('twoSums') }),
    row({ measure: 'part: 4 hosts exchange', ...HOST_TIME, ours: own('fourSums') }),
    ...predictionRows('2 hosts', costs[2], undefined, two),
    ...predictionRows('2 hosts, 10 Gbit/s', costs[2], 1e10, own('twoAt10')),
    ...predictionRows('2 hosts, 1 Gbit/s', costs[2], 1e9, own('twoAt1')),
    ...predictionRows('4 hosts', costs[4], undefined, four),
    ...predictionRows('4 hosts, 10 Gbit/s', costs[4], 1e10, own('fourAt10')),
    ...predictionRows('4 hosts, 1 Gbit/s', costs[4], 1e9, own('fourAt1')),
    ...clusterRows({ millisecondsPerRow: middle(alone, HOST_TIME.key) / (rows.all / 2), ofTwo: costs[2] }),
  ];
}

// --- internal ---

const AT_MOST_PEER = { value: 'ratio', atMost: 1 } as const;
const MORE = { unit: 'ms', key: 'more' } as const;
/** A prediction may be off by so much. */
const MOST_PERCENT = 20;
const MODEL_ROWS = 10_000_000;

function ownSamples(outcome: Outcome, name: string): readonly Sample[] {
  if ('samples' in outcome) return outcome.samples;
  throw new Error(`${name}: ${outcome.missing}`);
}

function middle(samples: readonly Sample[], key: string): number {
  return median(samples.map((sample) => sample[key]!));
}

function more(together: readonly Sample[], alone: readonly Sample[]): Sample[] {
  return together.map((sample, i) => ({ more: sample[HOST_TIME.key]! - alone[i]![HOST_TIME.key]! }));
}

function moreOf(together: Outcome, alone: Outcome): Outcome {
  if ('samples' in together && 'samples' in alone) return { samples: more(together.samples, alone.samples) };
  return { missing: 'missing' in together ? together.missing : 'its run on one host failed' };
}

/** @param together the training whose bytes are those of `hosts` hosts */
function costOf(
  apart: readonly Sample[],
  sums: readonly Sample[],
  together: readonly Sample[],
  hosts: number,
): TreeCost {
  return {
    computing: middle(apart, HOST_TIME.key),
    exchanging: middle(sums, HOST_TIME.key),
    sentBytes: (middle(together, HOST_BYTES.key) * 1e6) / hosts,
  };
}

/** What was measured of the whole, what the model says, and how far it is off. */
function predictionRows(name: string, cost: TreeCost, rate: number | undefined, measured: readonly Sample[]): Row[] {
  const predicted = treeTime(cost, rate);
  const percent = 100 * Math.abs(predicted / middle(measured, HOST_TIME.key) - 1);
  return [
    row({
      ...{ measure: `${name}: predicted, and measured`, unit: 'ms', key: HOST_TIME.key },
      ...{ ours: [{ [HOST_TIME.key]: predicted }], peer: { name: 'measured', outcome: { samples: measured } } },
    }),
    row({
      ...{ measure: '… off by', unit: '%', key: 'percent', ours: [{ percent }] },
      goal: { value: 'ours', atMost: MOST_PERCENT },
    }),
  ];
}

function clusterRows(cost: Parameters<typeof speedUp>[0]): Row[] {
  return [10, 100].flatMap((gigabits) =>
    [2, 4, 8, 16, 32, 64].map((hosts) =>
      row({
        measure: `model: ${MODEL_ROWS} rows, ${hosts} hosts, ${gigabits} Gbit/s: speed`,
        ...{ unit: '× one host', key: 'speed' },
        ours: [{ speed: speedUp(cost, MODEL_ROWS, { hosts, rate: gigabits * 1e9 }) }],
      }),
    ),
  );
}
