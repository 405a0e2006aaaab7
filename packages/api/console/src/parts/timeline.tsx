/** The states of a training job, one after the other, with how long each took. */
import { listAt, numberAt, textAt } from '../state/members.js';
import type { Members } from '../state/state.js';
import { formatDuration, formatTime } from '../text/format.js';
import { useNow } from './clock.js';
import { toneOf } from './status.js';

export function Timeline({ members, isRunning }: { readonly members: Members; readonly isRunning: boolean }) {
  const now = useNow(isRunning);
  const transitions = listAt(members, 'SecondaryStatusTransitions');
  if (transitions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="timeline-title">
      <div class="card-head">
        <h2 id="timeline-title">Timeline</h2>
      </div>
      <ol class="timeline">
        {transitions.map((one, i) => {
          const status = textAt(one, 'Status') ?? '';
          const start = numberAt(one, 'StartTime') ?? 0;
          const isLast = i === transitions.length - 1;
          const tone = isLast && isRunning ? 'busy' : toneOf(status);
          const seconds = (numberAt(one, 'EndTime') ?? now) - start;
          return (
            <li key={`${status} ${start}`} class={tone}>
              <span class="dot" />
              <div>
                <strong>{status}</strong>
                <span class="quiet-text" title={formatTime(start)}>
                  {isLast && !isRunning ? formatTime(start).slice(11) : formatDuration(seconds)}
                </span>
                <p class="quiet-text">{textAt(one, 'StatusMessage')}</p>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
