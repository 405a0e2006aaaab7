/** A status as a word with a dot: the colour says nothing that the word does not. */
import type { Row } from '../state/state.js';

type Tone = 'good' | 'bad' | 'busy' | 'quiet';

const TONES: Readonly<Record<string, Tone>> = {
  Completed: 'good',
  InService: 'good',
  Failed: 'bad',
  OutOfService: 'bad',
  InProgress: 'busy',
  Pending: 'busy',
  Creating: 'busy',
  Updating: 'busy',
  Stopping: 'busy',
  Deleting: 'busy',
};

export function toneOf(status: string): Tone {
  return TONES[status] ?? 'quiet';
}

export function isBusy(status: string): boolean {
  return toneOf(status) === 'busy';
}

/** Of a running job: what it does now. */
export function statusText({ status, phase }: Pick<Row, 'status' | 'phase'>): string {
  return status === 'InProgress' && phase !== null ? phase : status;
}

export function Status({ row }: { readonly row: Pick<Row, 'status' | 'phase'> }) {
  if (row.status === '') return null;
  return (
    <span class={`status ${toneOf(row.status)}`}>
      <span class="dot" />
      {statusText(row)}
    </span>
  );
}
