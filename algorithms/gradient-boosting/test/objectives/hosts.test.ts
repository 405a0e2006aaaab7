/** Losses over rows that are on several hosts: the bits of one host's, whatever rows each has. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createObjective,
  isRankingName,
  type LabelledRows,
  OBJECTIVE_NAMES,
  type ObjectiveName,
  type ObjectiveParameters,
} from '../../src/objectives/index.js';
import { cutsOf, divided, dividedRows, queriesOf } from '../support/divided-rows.js';
import { onHosts } from '../support/hosts.js';
import { runs } from '../support/runs.js';

const CLASSES = 3;
const options = { seed: 20261130, numRuns: runs(20, 500), endOnFailure: true };

function labelOf(name: ObjectiveName): fc.Arbitrary<number> {
  if (name.startsWith('multi:')) return fc.nat(CLASSES - 1);
  if (name === 'survival:cox' || name === 'survival:aft') return fc.constantFrom(-3, -2, -1, 1, 2, 3);
  if (name.startsWith('rank:') || name === 'binary:hinge') return fc.nat(1);
  if (name.startsWith('binary:') || name === 'reg:logistic') return fc.constantFrom(0, 0.25, 0.7, 1);
  return fc.double({ min: 0.1, max: 9, noNaN: true });
}

/** Base score, then two rounds of gradients and what the loss has learnt. */
function measure(
  name: ObjectiveName,
  parameters: Partial<ObjectiveParameters>,
  rows: LabelledRows,
  margins: Float32Array,
) {
  const objective = createObjective(name, { classCount: CLASSES, ...parameters });
  objective.checkLabels(rows);
  const baseScore = objective.estimateBaseScore(rows);
  const source = objective.prepare(rows, { pairSeed: (round) => 77 * round + 5 });
  const rounds = [0, 1].map((round) => {
    const out = new Float32Array(2 * margins.length);
    source.computeGradients(margins, out, round);
    return out;
  });
  const { 'ti+': plus, 'tj-': minus } = source.vectors ?? {};
  return { baseScore, rounds, learnt: [...(plus ?? []), ...(minus ?? [])] };
}

function expectSame(name: ObjectiveName, parameters: Partial<ObjectiveParameters>) {
  const { groupCount } = createObjective(name, { classCount: CLASSES, ...parameters });
  const targets = parameters.targetCount ?? 1;
  const row = fc.record({
    labels: fc.array(labelOf(name), { minLength: targets, maxLength: targets }),
    weight: fc.double({ min: 0.01, max: 9, noNaN: true }),
    margins: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: groupCount, maxLength: groupCount }),
  });
  const divisions = fc
    .array(row, { minLength: 1, maxLength: 80, size: 'max' })
    .chain((list) => fc.tuple(fc.constant(list), cutsOf(list.length), cutsOf(list.length, 9)));
  fc.assert(
    fc.property(divisions, fc.boolean(), ([list, cuts, starts], isWeighted) => {
      const rows = {
        labels: Float32Array.from(list.flatMap(({ labels }) => labels)),
        ...(isWeighted && { weights: Float32Array.from(list, ({ weight }) => weight) }),
        ...(isRankingName(name) && queriesOf(list.length, starts, isWeighted)),
      };
      const margins = Float32Array.from(list.flatMap((entry) => entry.margins));

      const expected = measure(name, parameters, rows, margins);
      const actual = onHosts(cuts.length + 1, (hosts) =>
        measure(
          name,
          parameters,
          dividedRows(rows, cuts, hosts, targets),
          divided(margins, cuts, hosts.rank, groupCount),
        ),
      );

      for (const { baseScore, learnt } of actual)
        expect({ baseScore, learnt }).toEqual({ baseScore: expected.baseScore, learnt: expected.learnt });
      for (const round of [0, 1]) {
        const all = actual.flatMap(({ rounds }) => [...rounds[round]!]);
        expect(Float32Array.from(all)).toEqual(expected.rounds[round]);
      }
    }),
    options,
  );
}

describe('over up to four hosts a loss has the same base score and gradients', () => {
  it.each(OBJECTIVE_NAMES)('%s', (name) => expectSame(name, {}));

  it.each<readonly [ObjectiveName, Partial<ObjectiveParameters>]>([
    ['reg:squarederror', { targetCount: 2 }],
    ['reg:absoluteerror', { targetCount: 2 }],
    ['binary:logistic', { scalePosWeight: 3 }],
    ['reg:quantileerror', { quantileAlpha: [0.1, 0.5, 0.9] }],
    ['reg:expectileerror', { expectileAlpha: [0.2, 0.8] }],
    ['rank:ndcg', { lambdarankUnbiased: true }],
    ['rank:ndcg', { lambdarankUnbiased: true, lambdarankPairMethod: 'mean' }],
    ['rank:map', { lambdarankPairMethod: 'mean', lambdarankNumPairPerSample: 2 }],
    ['rank:pairwise', { lambdarankNumPairPerSample: 3, lambdarankNormalization: false }],
  ])('%s with %j', expectSame);
});

it('rows of a query that come back on a later host are of the same group', () => {
  const [first, second, third] = onHosts(3, (hosts) => {
    const isMiddle = hosts.rank === 1;
    return measure(
      'rank:ndcg',
      {},
      {
        labels: isMiddle ? Float32Array.of(1, 0) : Float32Array.of(hosts.rank === 0 ? 1 : 0),
        queryStart: isMiddle ? Uint32Array.of(0, 2) : Uint32Array.of(0, 1),
        queryIds: Float64Array.of(isMiddle ? 8 : 9),
        hosts,
      },
      new Float32Array(isMiddle ? 2 : 1),
    ).rounds[0]!;
  });

  // A relevant row and another of one query: opposite gradients.
  expect(first![0]).toBeLessThan(0);
  expect(third![0]).toBe(-first![0]!);
  expect(second![0]).toBe(first![0]);
});
