/** A table that is scrolled where it is wider than its place, by keys too. */
import type { ComponentChildren } from 'preact';

interface TableBoxProps {
  readonly label: string;
  /** Its style. */
  readonly class?: string;
  readonly heads: readonly (readonly [key: string, head: ComponentChildren])[];
  /** The rows. */
  readonly children: ComponentChildren;
}

export function TableBox({ label, class: style = '', heads, children }: TableBoxProps) {
  return (
    <div class="table-box" tabIndex={0} role="group" aria-label={label}>
      <table class={`compare ${style}`}>
        <thead>
          <tr>
            {heads.map(([key, head]) => (
              <th key={key} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
