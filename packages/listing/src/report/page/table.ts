/** Tables of a report. A wide one scrolls within itself, by keyboard, too. */
import { type Content, type Html, html } from './html.js';

export interface Column {
  readonly name: string;
  /** Aligned to the right. */
  readonly isNumber?: boolean;
}

export interface DataTable {
  /** What the table shows, for those who do not see what is around it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly Content[])[];
}

export function dataTable({ caption, columns, rows }: DataTable): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<thead><tr>${columns.map(({ name, isNumber }) => html`<th scope="col"${numberClass(isNumber)}>${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${row.map((cell, i) => cellOf(cell, columns[i]!, i === 0))}</tr>
`,
)}</tbody>
</table></div>
`;
}

/** Pairs of a name and what it is. */
export function factList(facts: readonly (readonly [name: string, value: Content])[]): Html {
  return html`<dl class="facts">${facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  )}</dl>`;
}

// --- internal ---

function numberClass(isNumber: boolean | undefined): Html | undefined {
  return isNumber ? html` class="number"` : undefined;
}

function cellOf(cell: Content, { isNumber }: Column, isFirst: boolean): Html {
  return isFirst
    ? html`<th scope="row"${numberClass(isNumber)}>${cell}</th>`
    : html`<td${numberClass(isNumber)}>${cell}</td>`;
}
