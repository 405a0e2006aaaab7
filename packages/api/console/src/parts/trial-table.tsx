/** The training jobs of a tuning job, best first. */
import { useState } from 'preact/hooks';
import { addressOf } from '../state/route.js';
import type { Trial } from '../state/tuning.js';
import { formatNumber } from '../text/format.js';
import { Status } from './status.js';
import { TableBox } from './table-box.js';

/** A page with more of them gets slow: the reader asks for those. */
const SHOWN = 50;

export function TrialTable({ metric, trials }: { readonly metric: string; readonly trials: readonly Trial[] }) {
  const [isWhole, setWhole] = useState(false);
  const names = [...new Set(trials.flatMap(({ values }) => Object.keys(values)))];
  const shown = isWhole ? trials : trials.slice(0, SHOWN);
  return (
    <section class="card" aria-labelledby="trials-title">
      <div class="card-head">
        <h2 id="trials-title">Training jobs</h2>
        <span class="quiet-text">{trials.length} so far, best first</span>
        {shown.length < trials.length && (
          <button type="button" class="small card-end" onClick={() => setWhole(true)}>
            Show all
          </button>
        )}
      </div>
      <TableBox
        label="Table of the training jobs"
        class="trials"
        heads={['Name', 'Status', metric, ...names].map((title) => [title, title])}
      >
        {shown.map(({ name, status, objective, values }) => (
          <tr key={name}>
            <th scope="row">
              <a href={addressOf({ page: 'detail', kind: 'training-job', name })}>{name}</a>
            </th>
            <td>
              <Status row={{ status, phase: null }} />
            </td>
            <td class="strong">{objective === undefined ? '–' : formatNumber(objective)}</td>
            {names.map((one) => (
              <td key={one}>{formatValue(values[one])}</td>
            ))}
          </tr>
        ))}
      </TableBox>
    </section>
  );
}

// --- internal ---

/** Hyperparameters are texts: those that are numbers are written like others. */
function formatValue(text: string | undefined): string {
  if (text === undefined) return '–';
  if (text.trim() === '') return `"${text}"`;
  const number = Number(text);
  return Number.isNaN(number) ? text : formatNumber(number);
}
