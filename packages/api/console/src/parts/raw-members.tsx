/** All that Describe answers, as JSON to read and copy. */
import type { Members } from '../state/state.js';

export function RawMembers({ members }: { readonly members: Members }) {
  return (
    <details class="card raw">
      <summary>
        <h2>Description</h2>
        <span class="quiet-text">JSON, as the API returns it</span>
      </summary>
      <pre tabIndex={0} role="group" aria-label="JSON">
        {JSON.stringify(members, null, 2)}
      </pre>
    </details>
  );
}
