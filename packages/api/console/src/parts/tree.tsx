/** Members in members, each with its name; below it, indented, what is itself made of members. */

export function Tree({ value }: { readonly value: unknown }) {
  if (Array.isArray(value)) return <List items={value} />;
  if (typeof value !== 'object' || value === null) return <code>{String(value)}</code>;
  const entries = Object.entries(value);
  if (entries.length === 0) return <span class="quiet-text">none</span>;
  return (
    <dl class="facts tree">
      {entries.map(([name, one]) => (
        <div key={name} class={isNested(one) ? 'nested' : undefined}>
          <dt>{name}</dt>
          <dd>
            <Tree value={one} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

// --- internal ---

function List({ items }: { readonly items: readonly unknown[] }) {
  if (items.length === 0) return <span class="quiet-text">none</span>;
  if (!isNested(items)) return <code>{items.join(', ')}</code>;
  return (
    <ol class="tree-list">
      {items.map((item, i) => (
        // an item of a description has no other identity than its place
        <li key={i}>
          <Tree value={item} />
        </li>
      ))}
    </ol>
  );
}

function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object' && item !== null);
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
