/** The comparison of one shape of tables: its measures, and their goals. */
import { type Outcome, type Row, type RowInput, row, type Sample } from '@algo/bench';

/** Ours ÷ peer must be at most this; of prediction, time a row. */
const GOALS: Readonly<Record<string, { xgboost: number; lightgbm: number; predict: number }>> = {
  A: { xgboost: 0.6, lightgbm: 0.75, predict: 1 / 2 },
  B: { xgboost: 0.55, lightgbm: 0.65, predict: 1 / 1.4 },
  C: { xgboost: 0.55, lightgbm: 1, predict: 1 / 1.5 },
  D: { xgboost: 0.4, lightgbm: 0.45, predict: 1 },
};
export const LIGHTGBM_MODES = ['col', 'row', 'quantized'] as const;
type Result = { readonly ours: readonly Sample[]; readonly peers: Readonly<Record<string, Outcome>> };

/** @param name of the shape @param xgboostName as tables show it, with its version @param lightgbmName the same */
export function shapeRows(name: string, { ours, peers }: Result, xgboostName: string, lightgbmName: string): Row[] {
  const goal = GOALS[name]!;
  const xgboost = { name: xgboostName, outcome: peers.xgboost! };
  const fastest = fastestOf(LIGHTGBM_MODES.map((mode) => ({ name: `${lightgbmName} ${mode}`, outcome: peers[mode]! })));
  const quality = name === 'C' ? 'error' : 'auc';
  const one = (measure: string, input: Omit<RowInput, 'measure' | 'ours'>) =>
    row({ measure: `${name}: ${measure}`, ours, ...input });
  const seconds = { unit: 's', key: 'trainSeconds' } as const;
  const loss = { unit: '', key: 'logloss', statistic: 'mean' } as const;
  const memory = { unit: 'MB', key: 'peakMB', statistic: 'max' } as const;
  return [
    one('train', { ...seconds, peer: xgboost, goal: { value: 'ratio', atMost: goal.xgboost } }),
    one('train', { ...seconds, peer: fastest, goal: { value: 'ratio', atMost: goal.lightgbm } }),
    ...(peers.oneThread
      ? [
          one('train, 2 threads and 1', {
            ...seconds,
            peer: { name: 'ours, 1 thread', outcome: peers.oneThread },
            goal: { value: 'ratio', atMost: 1 / 1.75 },
          }),
        ]
      : []),
    one(`${quality} on unseen rows`, { unit: '', key: 'aucOrError', statistic: 'mean', peer: xgboost }),
    one('logloss on unseen rows', { ...loss, peer: xgboost }),
    one('logloss on unseen rows', { ...loss, peer: fastest }),
    one('predict 1,000,000 rows', {
      unit: 's',
      key: 'predictSecondsPerMillion',
      peer: xgboost,
      goal: { value: 'ratio', atMost: goal.predict },
    }),
    one('predict one row', {
      unit: 'µs',
      key: 'rowMicroseconds',
      peer: xgboost,
      ...(name === 'A' && { goal: { value: 'ours', atMost: 3 } as const }),
    }),
    one('peak memory', { ...memory, peer: xgboost, goal: { value: 'ratio', atMost: 1 } }),
  ];
}

// --- internal ---

/** The contender with the smallest median training time; the first if all are missing. */
function fastestOf(contenders: readonly { readonly name: string; readonly outcome: Outcome }[]) {
  const median = ({ outcome }: { readonly outcome: Outcome }) => {
    if (!('samples' in outcome)) return Number.POSITIVE_INFINITY;
    const seconds = outcome.samples.map((sample) => sample.trainSeconds!).sort((a, b) => a - b);
    return seconds[seconds.length >> 1]!;
  };
  return contenders.toSorted((a, b) => median(a) - median(b))[0]!;
}
