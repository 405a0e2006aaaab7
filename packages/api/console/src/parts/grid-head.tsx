/** The head of the list: what its columns are, and by which it is sorted. */
import type { KindInfo } from '../state/kinds.js';
import type { Filter, SortKey } from '../state/state.js';

interface GridHeadProps {
  readonly info: KindInfo;
  readonly canChoose: boolean;
  readonly filter: Filter;
  readonly onSort: (change: Partial<Filter>) => void;
}

export function GridHead({ info, canChoose, filter, onSort }: GridHeadProps) {
  const columns: readonly (readonly [SortKey, string])[] = [
    ['name', 'Name'],
    ['status', 'Status'],
    ['source', info.sourceTitle],
    ['created', 'Created'],
    ...(info.isJob ? ([['duration', 'Duration']] as const) : []),
  ];
  return (
    <div role="row" class="grid-row grid-head" aria-rowindex={1}>
      {canChoose && (
        <div role="columnheader">
          <span class="hidden">Compare</span>
        </div>
      )}
      {columns.map(([key, title]) => (
        <HeadCell
          key={key}
          column={key}
          title={title}
          order={filter.sortBy === key ? orderOf(filter) : undefined}
          onSort={() => onSort(sortedBy(filter, key))}
        />
      ))}
    </div>
  );
}

// --- internal ---

type Order = 'ascending' | 'descending';

function orderOf({ isDescending }: Filter): Order {
  return isDescending ? 'descending' : 'ascending';
}

/** Again the same column: the other way round. Names begin with A, times with the newest. */
function sortedBy({ sortBy, isDescending }: Filter, key: SortKey): Partial<Filter> {
  if (sortBy === key) return { isDescending: !isDescending };
  return { sortBy: key, isDescending: key === 'created' || key === 'duration' };
}

interface HeadCellProps {
  readonly column: SortKey;
  readonly title: string;
  readonly order: Order | undefined;
  readonly onSort: () => void;
}

function HeadCell({ column, title, order, onSort }: HeadCellProps) {
  return (
    <div role="columnheader" data-column={column} aria-sort={order}>
      <button type="button" class="head-button" onClick={onSort}>
        {title}
        <span aria-hidden="true">{order === undefined ? '' : order === 'descending' ? '↓' : '↑'}</span>
      </button>
    </div>
  );
}
