/** A resource that neither runs nor serves: its members, as names and values. */
import { Facts } from '../parts/facts.js';
import { Tree } from '../parts/tree.js';
import type { Members, Row } from '../state/state.js';
import { formatTime } from '../text/format.js';

export function ResourceBody({ members }: { readonly row: Row; readonly members: Members }) {
  const simple = Object.entries(members).filter(([, value]) => typeof value !== 'object');
  const nested = Object.entries(members).filter(([, value]) => typeof value === 'object' && value !== null);
  return (
    <div class="columns">
      <div class="column wide">
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

/** `Creation time` of `CreationTime`. */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return words.replace(/\barn$/, 'ARN');
}

function factOf(name: string, value: unknown) {
  if (typeof value === 'number' && name.endsWith('Time')) return formatTime(value);
  return typeof value === 'boolean' ? value ? 'yes' : 'no' : <code>{String(value)}</code>;
}
