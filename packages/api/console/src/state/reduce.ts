/** The state after an action. Pure: what comes from outside is in the action. */
import type { ChangeEvent, OutputPage, Row } from '../../../src/console/answers.js';
import { isKind, type Kind } from './kinds.js';
import { addOutput, NO_OUTPUT } from './output.js';
import { changeRows, type RowsByKind, rowsOfSnapshot } from './rows.js';
import { type Detail, type Filter, findRow, keyOf, type Notice, type State } from './state.js';

export type Action =
  | { readonly type: 'snapshot'; readonly rows: readonly Row[] }
  | { readonly type: 'changes'; readonly changes: ChangeEvent }
  | { readonly type: 'connection'; readonly connection: State['connection'] }
  | { readonly type: 'detail'; readonly kind: Kind; readonly name: string; readonly detail: Detail }
  | { readonly type: 'output'; readonly key: string; readonly page: OutputPage }
  | { readonly type: 'filter'; readonly kind: Kind; readonly filter: Filter }
  | { readonly type: 'choose'; readonly name: string }
  | { readonly type: 'choose-none' }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'dismiss'; readonly id: number };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'snapshot':
      return withRows({ ...state, connection: 'live' }, rowsOfSnapshot(action.rows), Object.values(state.rows).flat());
    case 'changes':
      return applyChanges(state, action.changes);
    case 'connection':
      return { ...state, connection: action.connection };
    case 'detail':
      return { ...state, details: { ...state.details, [keyOf(action.kind, action.name)]: action.detail } };
    case 'output': {
      const output = addOutput(state.outputs[action.key] ?? NO_OUTPUT, action.page);
      return { ...state, outputs: { ...state.outputs, [action.key]: output } };
    }
    case 'filter':
      return { ...state, filters: { ...state.filters, [action.kind]: action.filter } };
    case 'choose':
      return { ...state, chosen: toggled(state.chosen, action.name) };
    case 'choose-none':
      return { ...state, chosen: [] };
    case 'notice':
      return { ...state, notices: [...state.notices, action.notice] };
    case 'dismiss':
      return { ...state, notices: state.notices.filter(({ id }) => id !== action.id) };
  }
}

// --- internal ---

function applyChanges(state: State, changes: ChangeEvent): State {
  const logVersions = { ...state.logVersions };
  for (const { group, stream } of changes.logs) {
    const place = `${group} ${stream}`;
    logVersions[place] = (logVersions[place] ?? 0) + 1;
  }
  return withRows(
    { ...state, logVersions: changes.logs.length > 0 ? logVersions : state.logVersions },
    changeRows(state.rows, changes),
    [...changes.rows, ...changes.removed],
  );
}

/**
 * Forgets what it knows of resources that are gone, also where there is now another one of the same name.
 * @param touched those that may be gone
 */
function withRows(state: State, rows: RowsByKind, touched: readonly Pick<Row, 'kind' | 'name'>[]): State {
  const createdIn = (all: RowsByKind, kind: Kind, name: string) => findRow({ rows: all }, kind, name)?.created;
  const gone = new Set<string>();
  for (const { kind, name } of touched) {
    if (!isKind(kind)) continue;
    const key = keyOf(kind, name);
    const isKnown = key in state.details || key in state.outputs || state.chosen.includes(name);
    if (isKnown && createdIn(state.rows, kind, name) !== createdIn(rows, kind, name)) gone.add(key);
  }
  if (gone.size === 0) return { ...state, rows };
  const others = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !gone.has(key)));
  return {
    ...state,
    rows,
    details: others(state.details),
    outputs: others(state.outputs),
    chosen: state.chosen.filter((name) => !gone.has(keyOf('training-job', name))),
  };
}

function toggled(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}
