/** All resources of a kind, with a search and a choice of statuses. */
import { useMemo } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { ResourceGrid } from '../parts/resource-grid.js';
import { StatusChoice } from '../parts/status-choice.js';
import { infoOf, type Kind, type KindInfo } from '../state/kinds.js';
import { addressOf } from '../state/route.js';
import { filterRows, sortRows } from '../state/rows.js';
import { type Filter, NO_FILTER, type Row } from '../state/state.js';
import { usePart, useStore } from '../state/store.js';
import { goTo } from '../state/use-route.js';

const NO_ROWS: readonly Row[] = [];

export function ListPage({ kind }: { readonly kind: Kind }) {
  const info = infoOf(kind);
  const store = useStore();
  const rows = usePart((state) => state.rows[kind]) ?? NO_ROWS;
  const filter = usePart((state) => state.filters[kind]) ?? NO_FILTER;
  const connection = usePart((state) => state.connection);
  const setFilter = (change: Partial<Filter>) =>
    store.dispatch({ type: 'filter', kind, filter: { ...filter, ...change } });
  const shown = useMemo(() => sortRows(filterRows(rows, filter), filter), [rows, filter]);
  return (
    <div class="list-page">
      <div class="page-head">
        <h1 tabIndex={-1}>{info.title}</h1>
        <p class="quiet-text" role="status">
          {shown.length === rows.length
            ? `${rows.length.toLocaleString('en')} in total`
            : `${shown.length.toLocaleString('en')} of ${rows.length.toLocaleString('en')}`}
        </p>
        <div class="page-end">
          {kind === 'training-job' && <CompareLink />}
          {info.isJob && (
            <a class="button primary" data-key="n" href={addressOf({ page: 'create', kind })}>
              <Icon name="plus" /> New {info.one}
            </a>
          )}
        </div>
      </div>
      <div class="tools">
        <label class="search">
          <Icon name="search" />
          <span class="hidden">Search {info.title.toLowerCase()}</span>
          <input
            type="search"
            data-key="/"
            placeholder="Search by name, source or status"
            value={filter.text}
            onInput={({ currentTarget }) => setFilter({ text: currentTarget.value })}
            onKeyDown={leaveSearch}
          />
          <kbd>/</kbd>
        </label>
        <StatusChoice rows={rows} filter={filter} onChoose={(status) => setFilter({ status })} />
      </div>
      {shown.length > 0 ? (
        <ResourceGrid info={info} rows={shown} filter={filter} onSort={setFilter} />
      ) : (
        <Empty info={info} isFiltered={rows.length > 0} isLoading={connection === 'connecting'} />
      )}
    </div>
  );
}

// --- internal ---

/** Enter and the arrow go into the list. */
function leaveSearch(event: KeyboardEvent): void {
  if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
  event.preventDefault();
  document.querySelector<HTMLElement>('.grid-body [tabindex="0"]')?.focus();
}

function CompareLink() {
  const store = useStore();
  const names = usePart((state) => state.chosen);
  if (names.length === 0) return null;
  const isReady = names.length > 1;
  return (
    <>
      <button type="button" class="quiet" onClick={() => store.dispatch({ type: 'choose-none' })}>
        Clear selection
      </button>
      <button type="button" data-key="c" disabled={!isReady} onClick={() => goTo({ page: 'compare', names })}>
        <Icon name="compare" /> {isReady ? `Compare ${names.length} jobs` : 'Select another to compare'}
      </button>
    </>
  );
}

interface EmptyProps {
  readonly info: KindInfo;
  readonly isFiltered: boolean;
  readonly isLoading: boolean;
}

function Empty({ info, isFiltered, isLoading }: EmptyProps) {
  if (isLoading) return <p class="empty">Loading…</p>;
  if (isFiltered) return <p class="empty">No {info.title.toLowerCase()} match.</p>;
  return (
    <div class="empty">
      <p>No {info.title.toLowerCase()} yet.</p>
      <p class="quiet-text">
        Whatever boto3, the AWS CLI or an SDK creates with <code>AWS_ENDPOINT_URL={window.location.origin}</code>{' '}
        appears here.
      </p>
    </div>
  );
}
