import { describe, expect, it } from 'vitest';
import { addOutput, chartsOf, MAX_KEPT_LINES, NO_OUTPUT } from '../../console/src/state/output.js';
import { type Action, reduce } from '../../console/src/state/reduce.js';
import { countStatuses, filterRows, sortRows } from '../../console/src/state/rows.js';
import { INITIAL_STATE, NO_FILTER, type Row, type SortKey } from '../../console/src/state/state.js';
import type { Row as AnyRow } from '../../src/console/answers.js';

function row(name: string, changes: Partial<Row> = {}): Row {
  const times = { created: 1, modified: 1, started: null, ended: null };
  const nothing = { phase: null, source: null, failure: null, parent: null };
  return { kind: 'training-job', name, arn: `arn:${name}`, status: 'Completed', ...times, ...nothing, ...changes };
}

const withRows = (...rows: AnyRow[]) => reduce(INITIAL_STATE, { type: 'snapshot', rows });
const namesOf = (state: typeof INITIAL_STATE) => state.rows['training-job']?.map(({ name }) => name);

describe('rows', () => {
  it('of a snapshot are kept per kind, newest first, and those of unknown kinds are left out', () => {
    const state = withRows(row('old', { created: 1 }), row('new', { created: 2 }), row('m', { kind: 'model' }), {
      ...row('x'),
      kind: 'cluster',
    });

    expect(namesOf(state)).toEqual(['new', 'old']);
    expect(Object.keys(state.rows)).toEqual(['training-job', 'model']);
    expect(state.connection).toBe('live');
  });

  it('that change are replaced in their place, new ones are added in order, removed ones go', () => {
    const before = withRows(row('a', { created: 3 }), row('b', { created: 2 }), row('c', { created: 1 }));
    const changes = {
      rows: [row('b', { created: 2, status: 'Failed' }), row('d', { created: 2.5 })],
      removed: [{ kind: 'training-job', name: 'c' }],
      logs: [],
    };

    const after = reduce(before, { type: 'changes', changes });

    expect(namesOf(after)).toEqual(['a', 'd', 'b']);
    expect(after.rows['training-job']?.[2]?.status).toBe('Failed');
    expect(namesOf(before)).toEqual(['a', 'b', 'c']);
  });

  it('of other kinds stay the same object when one kind changes', () => {
    const before = withRows(row('a'), row('m', { kind: 'model' }));

    const after = reduce(before, { type: 'changes', changes: { rows: [row('b')], removed: [], logs: [] } });

    expect(after.rows.model).toBe(before.rows.model);
    expect(after.logVersions).toBe(before.logVersions);
  });

  it('match when all words are in name, source, status or phase, whatever their case', () => {
    const rows = [row('boost-1', { source: 'gradient-boosting:1' }), row('linear', { status: 'Failed' })];

    expect(filterRows(rows, { text: 'BOOST completed', status: undefined })).toEqual([rows[0]]);
    expect(filterRows(rows, { text: ' ', status: 'Failed' })).toEqual([rows[1]]);
    expect(filterRows(rows, { text: 'boost failed', status: undefined })).toEqual([]);
    expect(filterRows(rows, NO_FILTER)).toBe(rows);
    expect([...countStatuses(rows)]).toEqual([
      ['Completed', 1],
      ['Failed', 1],
    ]);
  });

  it('are sorted by what a reader chooses, those that still run as the longest, and else newest first', () => {
    const rows = [
      row('b', { created: 3, started: 3, ended: 4, source: 'x/m:2' }),
      row('a', { created: 2, status: 'InProgress', source: 'y/m:1' }),
      row('c', { created: 1, started: 2, ended: 9 }),
    ];
    const sorted = (sortBy: SortKey, isDescending: boolean) =>
      sortRows(rows, { ...NO_FILTER, sortBy, isDescending })
        .map(({ name }) => name)
        .join('');

    expect([sorted('created', true), sorted('created', false)]).toEqual(['bac', 'cab']);
    expect([sorted('name', false), sorted('name', true)]).toEqual(['abc', 'cba']);
    expect([sorted('duration', true), sorted('source', false), sorted('status', false)]).toEqual(['acb', 'cab', 'bca']);
  });

  it('that are chosen for comparison leave the choice when they are removed', () => {
    const chosen = ['a', 'b', 'c', 'b'].reduce(
      (state, name) => reduce(state, { type: 'choose', name }),
      withRows(row('a'), row('c')),
    );
    const removed = [{ kind: 'training-job', name: 'a' }];

    expect(chosen.chosen).toEqual(['a', 'c']);
    expect(reduce(chosen, { type: 'changes', changes: { rows: [], removed, logs: [] } }).chosen).toEqual(['c']);
  });

  it.each([
    ['are removed', { type: 'changes', changes: { rows: [], removed: [row('a')], logs: [] } }],
    ['are made again', { type: 'changes', changes: { rows: [row('a', { created: 2 })], removed: [], logs: [] } }],
    ['are missing in a snapshot', { type: 'snapshot', rows: [row('b')] }],
    ['are others in a snapshot', { type: 'snapshot', rows: [row('a', { created: 2 }), row('b')] }],
  ] satisfies [string, Action][])('that %s lose their description and output, and others keep theirs', (_, action) => {
    const page = { lines: [[7, 0, 'text']], values: [], isCut: false, hasMore: false } as const;
    const before = ['a', 'b'].reduce(
      (state, name) => {
        const detail = { status: 'ready', members: {} } as const;
        const described = reduce(state, { type: 'detail', kind: 'training-job', name, detail });
        return reduce(described, { type: 'output', key: `training-job/${name}`, page });
      },
      withRows(row('a'), row('b')),
    );

    const after = reduce(before, action);

    expect(after.details).toEqual({ 'training-job/b': before.details['training-job/b'] });
    expect(after.outputs).toEqual({ 'training-job/b': before.outputs['training-job/b'] });
  });
});

describe('output', () => {
  const page = { lines: [], values: [], isCut: false, hasMore: false };

  it('is added after what is there; what has been read before is not doubled', () => {
    const first = addOutput(NO_OUTPUT, { ...page, lines: [[3, 30, 'c']], values: [[1, 'loss', 1, 0.5]] });
    const second = addOutput(first, {
      ...page,
      lines: [
        [3, 30, 'c'],
        [4, 40, 'd'],
      ],
      values: [
        [1, 'loss', 1, 0.5],
        [2, 'loss', 2, 0.25],
        [3, '__proto__', 2, 1],
      ],
    });

    expect(second.lines.map(({ text }) => text)).toEqual(['c', 'd']);
    expect(second.metrics.loss?.map(({ value }) => value)).toEqual([0.5, 0.25]);
    expect(Object.keys(second.metrics)).toContain('__proto__');
    expect([second.lastLine, second.lastValue]).toEqual([4, 3]);
  });

  it('keeps the last lines of a long log and says that it is cut', () => {
    const lines = Array.from({ length: MAX_KEPT_LINES + 2 }, (_, i) => [i + 1, 0, `${i}`] as const);

    const output = addOutput(NO_OUTPUT, { ...page, lines });

    expect(output.lines.length).toBe(MAX_KEPT_LINES);
    expect(output.lines[0]?.text).toBe('2');
    expect(output.isCut).toBe(true);
  });

  it('puts metrics that differ in their channel into one chart', () => {
    const metrics = { 'train:rmse': [], 'validation:rmse': [], loss: [], 'x:': [] };

    expect([...chartsOf(metrics)]).toEqual([
      ['rmse', ['train:rmse', 'validation:rmse']],
      ['loss', ['loss']],
      ['x:', ['x:']],
    ]);
  });
});
