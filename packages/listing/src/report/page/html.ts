/**
 * HTML and SVG as template literals. Whatever is put into one is escaped, so that no text of a log, a name or a sample becomes
 * markup; only what such a template made is taken as it is.
 */

/** Markup that a template made. */
export interface Html {
  readonly markup: string;
}

export type Content = Html | string | number | undefined | false | readonly Content[];

export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { markup: strings.map((text, i) => (i === 0 ? text : markupOf(values[i - 1]) + text)).join('') };
}

/** Markup of another library that escapes what it is given. */
export function trusted(markup: string): Html {
  return { markup };
}

// --- internal ---

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markupOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(markupOf).join('');
}

/** Control characters that HTML has no name for are shown as the sign for a character that cannot be shown. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
    .replaceAll(/\p{Cc}/gu, (character) => (/[\t\n]/.test(character) ? character : '\uFFFD'));
}
