/** A section of the report: its content, or the reason why it is left out. */
import type { Found } from '../evaluation/left.js';
import { type Content, type Html, html } from './html.js';

export interface Section {
  /** Of the element, for links. */
  readonly id: string;
  readonly title: string;
  readonly body: Content;
}

export function sectionOf({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${body}
</section>
`;
}

/** What was found, in its form; or a sentence with the reason. */
export function orReason<T>(found: Found<T>, show: (value: T) => Content): Content {
  if (!('value' in found)) return leftOut(found.reason);
  return show(found.value);
}

export function leftOut(reason: string): Html {
  return html`<p class="left">Left out: ${reason}</p>`;
}
