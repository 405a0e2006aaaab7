/**
 * Finds the prose of a file: comments and strings of TypeScript and JavaScript, everything in Markdown, Python, shell
 * scripts, style sheets and TSX, whose texts have no quotes. Code is blanked out with spaces, so positions and line numbers stay those of the file.
 */

/** @param path decides the language by its extension */
export function proseOf(path: string, text: string): string {
  return /\.[jt]s$/.test(path) ? withoutCode(text) : text;
}

// --- internal ---

/** A comment, or a string without substitutions. */
const TOKEN = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^\\\n'])*'|"(?:\\[\s\S]|[^\\\n"])*"/y;
/** A piece of a template, up to its end or its next `${`. */
const TEMPLATE_PART = /(?:\\[\s\S]|\$(?!\{)|[^\\$`])*/y;
/** A regular expression starts where a value may: after an operator or keyword, never after a name or closing bracket. */
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\\n/[])+\/[a-z]*/y;
const VALUE_ENDS = /[\w$)\]}]\s*$/;
const KEYWORD_ENDS = /\b(?:return|typeof|case|of|in|await)\s*$/;

function withoutCode(text: string): string {
  let out = '';
  let at = 0;
  /** For each open template, the number of braces that are open in its current substitution. */
  const templates: number[] = [];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const blank = (length: number) => {
    out += text.slice(at, at + length).replace(/[^\n]/g, ' ');
    at += length;
  };
  const templatePart = () => {
    blank(1);
    out += take(TEMPLATE_PART) ?? '';
    if (text[at] !== '$') return blank(1);
    templates.push(0);
    blank(2);
  };

  while (at < text.length) {
    const prose = take(TOKEN);
    if (prose !== undefined) {
      out += prose;
      continue;
    }
    const char = text[at];
    const open = templates.at(-1);
    if (char === '`') templatePart();
    else if (char === '}' && open === 0) {
      templates.pop();
      templatePart();
    } else if (char === '/' && mayStartValue(text.slice(Math.max(0, at - 40), at))) {
      const start = at;
      const length = take(REGEX)?.length ?? 1;
      at = start;
      blank(length);
    } else {
      if (open !== undefined && char === '{') templates[templates.length - 1] = open + 1;
      if (open !== undefined && char === '}') templates[templates.length - 1] = open - 1;
      blank(1);
    }
  }
  return out;
}

function mayStartValue(before: string): boolean {
  return !VALUE_ENDS.test(before) || KEYWORD_ENDS.test(before);
}
