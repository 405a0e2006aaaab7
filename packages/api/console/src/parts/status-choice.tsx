/** The statuses of a list with how many rows have each, to see only those of one. */
import { countStatuses } from '../state/rows.js';
import type { Filter, Row } from '../state/state.js';

interface ChoiceProps {
  readonly rows: readonly Row[];
  readonly filter: Filter;
  readonly onChoose: (status: string | undefined) => void;
}

export function StatusChoice({ rows, filter, onChoose }: ChoiceProps) {
  const counts = countStatuses(rows);
  if (counts.size === 0) return null;
  return (
    <fieldset class="chips">
      <legend class="hidden">Status</legend>
      <Chip title="All" isOn={filter.status === undefined} onClick={() => onChoose(undefined)} />
      {[...counts].map(([status, count]) => (
        <Chip
          key={status}
          title={status}
          count={count}
          isOn={filter.status === status}
          onClick={() => onChoose(filter.status === status ? undefined : status)}
        />
      ))}
    </fieldset>
  );
}

// --- internal ---

interface ChipProps {
  readonly title: string;
  readonly count?: number;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

function Chip({ title, count, isOn, onClick }: ChipProps) {
  return (
    <button type="button" class="chip" aria-pressed={isOn} onClick={onClick}>
      {title} {count !== undefined && <span class="chip-count">{count.toLocaleString('en')}</span>}
    </button>
  );
}
