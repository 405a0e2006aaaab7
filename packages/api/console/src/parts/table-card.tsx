/** A table in a card. */
import type { ComponentChildren } from 'preact';
import { TableBox } from './table-box.js';

interface TableProps {
  readonly title: string;
  /** Next to the title. */
  readonly about?: string;
  readonly columns: readonly string[];
  /** Per row its key and a cell for each column; the first is the row's head. */
  readonly rows: readonly (readonly [key: string, ...cells: readonly ComponentChildren[]])[];
  /** Instead of no rows. */
  readonly empty: string;
}

export function TableCard({ title, about, columns, rows, empty }: TableProps) {
  return (
    <section class="card" aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
        {about !== undefined && <span class="quiet-text">{about}</span>}
      </div>
      {rows.length === 0 ? (
        <p class="empty">{empty}</p>
      ) : (
        <TableBox label={`Table: ${title}`} class="plain" heads={columns.map((column) => [column, column])}>
          {rows.map(([key, head, ...cells]) => (
            <tr key={key}>
              <th scope="row">{head}</th>
              {cells.map((cell, i) => (
                <td key={columns[i + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </TableBox>
      )}
    </section>
  );
}
