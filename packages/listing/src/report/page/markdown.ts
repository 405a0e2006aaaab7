/** Markdown of a listing as HTML. HTML in it is shown as text, pictures are their description, links lead to https alone. */
import { Marked, type Tokens } from 'marked';
import { type Html, html, trusted } from './html.js';

/** @param text whose headings begin below the page's own: `##` becomes `<h3>` */
export function renderMarkdown(text: string): Html {
  const marked = new Marked({
    async: false,
    renderer: {
      html: ({ text: markup }: Tokens.HTML | Tokens.Tag) => html`${markup}`.markup,
      image: ({ text: description }) => html`${description}`.markup,
      heading({ tokens, depth }) {
        const level = Math.min(depth + 1, 6);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      link({ href, tokens }) {
        const inner = trusted(this.parser.parseInline(tokens));
        return /^https:\/\//i.test(href) ? html`<a href="${href}" rel="noreferrer">${inner}</a>`.markup : inner.markup;
      },
    },
  });
  return trusted(marked.parse(text) as string);
}
