/**
 * A chart as a figure: the drawing with its title and a description in words, and below it the values as a table, which says
 * the same to those who do not see the drawing.
 */
import { type Content, type Html, html } from '../page/html.js';
import { type Column, dataTable } from '../page/table.js';

export interface Figure {
  /** Of its elements in the page: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What the drawing shows, in a sentence or two. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly drawing: Content;
  readonly legend?: Content;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Content[])[];
}

export function figure({ id, title, description, width, height, drawing, legend, columns, rows }: Figure): Html {
  return html`<figure class="chart">
<figcaption>${title}</figcaption>
${legend}
<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${drawing}
</svg>
<details class="values"><summary>Values of “${title}”</summary>
${dataTable({ caption: title, columns, rows })}
</details>
</figure>
`;
}

/** Names of the series with the look of their marks. */
export function legendOf(names: readonly string[]): Html | undefined {
  if (names.length < 2) return undefined;
  return html`<ul class="legend">${names.map(
    (name, i) =>
      html`<li><svg viewBox="0 0 24 8" aria-hidden="true"><path class="line series-${i + 1}" d="M0 4H24"/></svg>${name}</li>`,
  )}</ul>`;
}
