/** Names and values, in a card. */
import type { ComponentChildren } from 'preact';
import { entriesAt } from '../state/members.js';
import type { Members } from '../state/state.js';

export type Fact = readonly [name: string, value: ComponentChildren];

interface FactsProps {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Instead of no facts. */
  readonly empty?: string;
}

/** The entries of a map of texts, all of them: an empty text is shown as `""`. */
export function textFacts(members: Members | undefined, path: string): readonly Fact[] {
  return entriesAt(members, path).map(([name, text]) => [name, text === '' ? <code>""</code> : text]);
}

export function Facts({ title, facts, empty }: FactsProps) {
  const shown = facts.filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (shown.length === 0 && empty === undefined) return null;
  return (
    <section class="card" aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
      </div>
      {shown.length === 0 && <p class="empty">{empty}</p>}
      <dl class="facts">
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
