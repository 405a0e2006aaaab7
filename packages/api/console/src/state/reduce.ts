/** The state after an action. Pure: what comes from outside is in the action. */
import type { Kind } from './kinds.js';
import { addOutput, NO_OUTPUT, type OutputPage } from './output.js';
import { changeRows, type RowRef, rowsOfSnapshot } from './rows.js';
import { type Detail, type Filter, keyOf, type Notice, type Row, type State } from './state.js';

export interface ChangeEvent {
  readonly rows: readonly Row[];
  readonly removed: readonly RowRef[];
  readonly logs: readonly { readonly group: string; readonly stream: string }[];
}

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
      return { ...state, connection: 'live', rows: rowsOfSnapshot(action.rows) };
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

function applyChanges(state: State, { rows, removed, logs }: ChangeEvent): State {
  const gone = new Set(removed.filter(({ kind }) => kind === 'training-job').map(({ name }) => name));
  const logVersions = { ...state.logVersions };
  for (const { group, stream } of logs) {
    const place = `${group} ${stream}`;
    logVersions[place] = (logVersions[place] ?? 0) + 1;
  }
  return {
    ...state,
    rows: changeRows(state.rows, rows, removed),
    chosen: gone.size > 0 ? state.chosen.filter((name) => !gone.has(name)) : state.chosen,
    logVersions: logs.length > 0 ? logVersions : state.logVersions,
  };
}

function toggled(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}
