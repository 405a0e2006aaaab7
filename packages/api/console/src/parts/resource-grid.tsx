/** The virtual list of resources of one kind. Arrow keys move, Enter opens, Space chooses for comparison. */
import { useRef } from 'preact/hooks';
import type { KindInfo } from '../state/kinds.js';
import { moveBy } from '../state/row-window.js';
import type { Filter, Row } from '../state/state.js';
import { usePart, useStore } from '../state/store.js';
import { useNow } from './clock.js';
import { GridHead } from './grid-head.js';
import { GridRow, openRow } from './grid-row.js';
import { isBusy } from './status.js';
import { Spaced, useActiveRow, useWindow } from './virtual-list.js';

const ROW_HEIGHT = 44;

interface GridProps {
  readonly info: KindInfo;
  readonly rows: readonly Row[];
  readonly filter: Filter;
  readonly onSort: (change: Partial<Filter>) => void;
}

export function ResourceGrid({ info, rows, filter, onSort }: GridProps) {
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
    else if (event.key === 'Enter') openRow(rows[active]!);
    else if (event.key === ' ' || event.key === 'x') choose(rows[active]!);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class={`grid ${canChoose ? 'with-choice' : ''} ${info.isJob ? 'of-jobs' : ''} ${window.isScrolled ? 'scrolled' : ''}`}
      role="grid"
      aria-label={info.title}
      aria-rowcount={rows.length + 1}
      aria-multiselectable={canChoose || undefined}
    >
      <div role="rowgroup">
        <GridHead {...{ info, canChoose, filter, onSort }} />
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
