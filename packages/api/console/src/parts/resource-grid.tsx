/** The virtual list of resources of one kind. Arrow keys move, Enter opens, Space chooses for comparison. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { KindInfo } from '../state/kinds.js';
import { addressOf } from '../state/route.js';
import { moveBy } from '../state/row-window.js';
import type { Row } from '../state/state.js';
import { usePart, useStore } from '../state/store.js';
import { goTo } from '../state/use-route.js';
import { formatAge, formatDuration, formatTime, shortName } from '../text/format.js';
import { useNow } from './clock.js';
import { isBusy, Status } from './status.js';
import { Spaced, useActiveRow, useWindow } from './virtual-list.js';

const ROW_HEIGHT = 44;

interface GridProps {
  readonly info: KindInfo;
  readonly rows: readonly Row[];
}

export function ResourceGrid({ info, rows }: GridProps) {
  const store = useStore();
  const box = useRef<HTMLDivElement>(null);
  const window = useWindow(box, rows.length, ROW_HEIGHT);
  const { active, move, mark } = useActiveRow(box, rows.length, ROW_HEIGHT);
  const chosen = usePart((state) => state.chosen);
  const now = useNow(true, rows.some(({ status }) => isBusy(status)) ? 1000 : 15_000);
  const canChoose = info.kind === 'training-job';
  const choose = ({ name }: Row) => canChoose && store.dispatch({ type: 'choose', name });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || rows.length === 0) return;
    const page = Math.max(1, Math.floor(box.current!.clientHeight / ROW_HEIGHT) - 1);
    const next = moveBy(event.key, active, page, rows.length);
    if (next !== undefined) move(next);
    else if (event.key === 'Enter') open(rows[active]!);
    else if (event.key === ' ' || event.key === 'x') choose(rows[active]!);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class={`grid ${canChoose ? 'with-choice' : ''} ${info.isJob ? 'of-jobs' : ''}`}
      role="grid"
      aria-label={info.title}
      aria-rowcount={rows.length + 1}
      aria-multiselectable={canChoose || undefined}
    >
      <div role="rowgroup">
        <Head info={info} canChoose={canChoose} />
      </div>
      <div class="grid-body" role="rowgroup" ref={box} onKeyDown={onKeyDown}>
        <Spaced window={window} count={rows.length} rowHeight={ROW_HEIGHT}>
          {rows.slice(window.first, window.end).map((row, i) => {
            const index = window.first + i;
            return (
              <GridRow
                key={row.name}
                {...{ info, row, index, now, canChoose }}
                isActive={index === active}
                isChosen={chosen.includes(row.name)}
                onChoose={() => choose(row)}
                onMark={() => mark(index)}
              />
            );
          })}
        </Spaced>
      </div>
    </div>
  );
}

// --- internal ---

function open({ kind, name }: Row): void {
  goTo({ page: 'detail', kind, name });
}

function Head({ info, canChoose }: { readonly info: KindInfo; readonly canChoose: boolean }) {
  const titles = ['Name', 'Status', info.sourceTitle, 'Created', ...(info.isJob ? ['Duration'] : [])];
  return (
    <div role="row" class="grid-row grid-head" aria-rowindex={1}>
      {canChoose && <HeadCell title="Compare" isHidden />}
      {titles.map((title) => (
        <HeadCell key={title} title={title} />
      ))}
    </div>
  );
}

function HeadCell({ title, isHidden }: { readonly title: string; readonly isHidden?: boolean }) {
  return <div role="columnheader">{isHidden ? <span class="hidden">{title}</span> : title}</div>;
}

interface RowProps {
  readonly info: KindInfo;
  readonly row: Row;
  readonly index: number;
  readonly now: number;
  readonly canChoose: boolean;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onMark: () => void;
}

function GridRow({ info, row, index, now, canChoose, isActive, isChosen, onChoose, onMark }: RowProps) {
  const { kind, name, source, created, started, ended, status } = row;
  const until = ended ?? (isBusy(status) ? now : null);
  return (
    <div
      role="row"
      class="grid-row"
      tabIndex={isActive ? 0 : -1}
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={canChoose ? isChosen : undefined}
      onFocus={onMark}
      onClick={(event) => !(event.target as HTMLElement).closest('a, label') && open(row)}
    >
      {canChoose && (
        <Cell>
          <label class="choice">
            <input
              type="checkbox"
              tabIndex={-1}
              checked={isChosen}
              aria-label={`Choose ${name} to compare`}
              onChange={onChoose}
            />
          </label>
        </Cell>
      )}
      <Cell className="name">
        <a href={addressOf({ page: 'detail', kind, name })} tabIndex={-1}>
          {name}
        </a>
      </Cell>
      <Cell>
        <Status row={row} />
      </Cell>
      <Cell className="source" title={source ?? ''}>
        {source === null ? '' : shortName(source)}
      </Cell>
      <Cell className="number" title={formatTime(created)}>
        {formatAge(created, now)}
      </Cell>
      {info.isJob && (
        <Cell className="number">{until === null ? '' : formatDuration(until - (started ?? created))}</Cell>
      )}
    </div>
  );
}

interface CellProps {
  readonly className?: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}

function Cell({ className, title, children }: CellProps) {
  return (
    <div role="gridcell" class={className} title={title}>
      {children}
    </div>
  );
}
