/** A resource that neither runs nor serves: its members, as names and values, below what its kind has of its own. */
import type { ComponentChildren } from 'preact';
import { Facts } from '../parts/facts.js';
import { Tree } from '../parts/tree.js';
import type { Members } from '../state/state.js';
import { formatTime } from '../text/format.js';

interface BodyProps {
  readonly members: Members;
  readonly children?: ComponentChildren;
}

export function ResourceBody({ members, children }: BodyProps) {
  const simple = Object.entries(members).filter(([, value]) => typeof value !== 'object');
  const nested = Object.entries(members).filter(([, value]) => isFilled(value));
  return (
    <div class="columns">
      <div class="column wide">
        {children}
        {nested.map(([name, value]) => (
          <section class="card" key={name} aria-label={name}>
            <div class="card-head">
              <h2>{wordsOf(name)}</h2>
            </div>
            <Tree value={value} />
          </section>
        ))}
      </div>
      <div class="column">
        <Facts title="Details" facts={simple.map(([name, value]) => [wordsOf(name), factOf(name, value)])} />
      </div>
    </div>
  );
}

// --- internal ---

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** `Creation time` of `CreationTime`. */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return words.replace(/\barn$/, 'ARN');
}

function factOf(name: string, value: unknown) {
  if (typeof value === 'number' && name.endsWith('Time')) return formatTime(value);
  return typeof value === 'boolean' ? value ? 'yes' : 'no' : <code>{String(value)}</code>;
}
