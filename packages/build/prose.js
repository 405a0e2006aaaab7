/**
 * Finds the prose of a file: comments and strings of TypeScript and JavaScript, everything in Markdown, Python and shell
 * scripts. Code is blanked out with spaces, so that positions and line numbers stay those of the file.
 */

/**
 * @param {string} path decides the language by its extension
 * @param {string} text the content of the file
 * @returns {string}
 */
export function proseOf(path, text) {
  return /\.[jt]s$/.test(path) ? withoutCode(text) : text;
}

// --- internal ---

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** One token: a comment, a string without substitutions, or a piece of a template up to its end or its next `${`. */
const TOKEN = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^\\\n'])*'|"(?:\\[\s\S]|[^\\\n"])*"/y;
const TEMPLATE_PART = /(?:\\[\s\S]|\$(?!\{)|[^\\$`])*/y;
/** A regular expression begins where a value may: behind an operator or keyword, never behind a name or a closing bracket. */
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\\n/[])+\/[a-z]*/y;
const VALUE_ENDS = /[\w$)\]}]\s*$/;
const KEYWORD_ENDS = /\b(?:return|typeof|case|of|in|await)\s*$/;

function withoutCode(text) {
  let out = '';
  let at = 0;
  /** For each template that is open, how many braces are open inside its current substitution. */
  const templates = [];
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const templatePart = () => {
    out += take(TEMPLATE_PART);
    if (text[at] === '$') {
      templates.push(0);
      out += '  ';
      at += 2;
    } else {
      out += ' ';
      at += 1;
    }
  };

  while (at < text.length) {
    const prose = take(TOKEN);
    if (prose !== undefined) {
      out += prose;
      continue;
    }
    const char = text[at];
    if (char === '`') {
      out += ' ';
      at += 1;
      templatePart();
      continue;
    }
    if (char === '}' && templates.at(-1) === 0) {
      templates.pop();
      out += ' ';
      at += 1;
      templatePart();
      continue;
    }
    const before = text.slice(Math.max(0, at - 40), at);
    if (char === '/' && (!VALUE_ENDS.test(before) || KEYWORD_ENDS.test(before))) {
      const regex = take(REGEX);
      if (regex !== undefined) {
        out += blank(regex);
        continue;
      }
    }
    if (templates.length > 0 && char === '{') templates[templates.length - 1] += 1;
    if (templates.length > 0 && char === '}') templates[templates.length - 1] -= 1;
    out += char === '\n' ? '\n' : ' ';
    at += 1;
  }
  return out;
}
