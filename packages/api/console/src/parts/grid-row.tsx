/** A resource in the list. */
import type { ComponentChildren } from 'preact';
import type { KindInfo } from '../state/kinds.js';
import { addressOf } from '../state/route.js';
import type { Row, SortKey } from '../state/state.js';
import { goTo } from '../state/use-route.js';
import { formatAge, formatDuration, formatTime, shortName } from '../text/format.js';
import { isBusy, Status } from './status.js';

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

export function GridRow({ info, row, index, now, canChoose, isActive, isChosen, onChoose, onMark }: RowProps) {
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
      onClick={(event) => !(event.target as HTMLElement).closest('a, label') && openRow(row)}
    >
      {canChoose && (
        <Cell>
          <label class="choice">
            <input
              type="checkbox"
              tabIndex={-1}
              checked={isChosen}
              aria-label={`Select ${name} to compare`}
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
      <Cell className="source" column="source" title={source ?? ''}>
        {source === null ? '' : shortName(source)}
      </Cell>
      <Cell className="number" column="created" title={formatTime(created)}>
        {formatAge(created, now)}
      </Cell>
      {info.isJob && (
        <Cell className="number" column="duration">
          {until === null ? '' : formatDuration(until - (started ?? created))}
        </Cell>
      )}
    </div>
  );
}

export function openRow({ kind, name }: Row): void {
  goTo({ page: 'detail', kind, name });
}

// --- internal ---

interface CellProps {
  readonly className?: string;
  /** One that a narrow page leaves out. */
  readonly column?: SortKey;
  readonly title?: string;
  readonly children: ComponentChildren;
}

function Cell({ className, column, title, children }: CellProps) {
  return (
    <div role="gridcell" class={className} data-column={column} title={title}>
      {children}
    </div>
  );
}
