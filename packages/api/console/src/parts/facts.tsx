/** Names and values, in a card. */
import type { ComponentChildren } from 'preact';

export type Fact = readonly [name: string, value: ComponentChildren];

interface FactsProps {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Instead of no facts. */
  readonly empty?: string;
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
