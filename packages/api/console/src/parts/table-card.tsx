/** A table in a card. */
import type { ComponentChildren } from 'preact';

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
        <div class="table-box" tabIndex={0} role="group" aria-label={`Table: ${title}`}>
          <table class="compare plain">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([key, head, ...cells]) => (
                <tr key={key}>
                  <th scope="row">{head}</th>
                  {cells.map((cell, i) => (
                    <td key={columns[i + 1]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
