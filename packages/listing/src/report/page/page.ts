/**
 * The page of a report: one file, without scripts and without anything that is loaded. Its policy forbids both, so that a text
 * that got in by a mistake of ours could do nothing.
 */
import { createHash } from 'node:crypto';
import { type Content, html, trusted } from './html.js';
import { type Section, sectionOf } from './section.js';
import { STYLE } from './style.js';

export interface Page {
  readonly title: string;
  readonly description: string;
  readonly header: Content;
  readonly sections: readonly Section[];
  readonly footer: Content;
}

export function pageOf({ title, description, header, sections, footer }: Page): string {
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
${header}
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main id="content">
${sections.map(sectionOf)}</main>
<footer>${footer}</footer>
</body>
</html>
`.markup;
}
