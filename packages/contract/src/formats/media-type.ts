/**
 * Media types with parameters (RFC 9110, section 8.3.1): `text/csv; label_size=2`. Real clients send parameters,
 * quotes and capitals; servers that compare the header as a string fail on them.
 */
export interface MediaType {
  /** Lower case `type/subtype`. */
  readonly type: string;
  /** Parameters by lower-case name, quotes removed. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Every character of a name or of an unquoted value: RFC 9110's `tchar`. */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** Visible characters, blanks and bytes above ASCII, with `\` before `"` and `\`. */
const QUOTED = '"(?:[^"\\\\\\u0000-\\u0008\\u000a-\\u001f\\u007f]|\\\\[\\t\\u0020-\\u007e\\u0080-\\u00ff])*"';
const TYPE = new RegExp(`^[ \\t]*(${TOKEN}(?:/${TOKEN})?)[ \\t]*(?=;|$)`);
/** A semicolon, then a parameter or nothing: `text/csv;` is allowed, and so are blanks around `=`, which some clients send. */
const PARAMETER = new RegExp(`;[ \\t]*(?:(${TOKEN})[ \\t]*=[ \\t]*(${TOKEN}|${QUOTED})[ \\t]*)?`, 'y');

/**
 * The media type that `text` names, or undefined when it does not follow the grammar or gives a parameter twice.
 * A range such as `text/*` is a media type here.
 * @param shortNames names without a slash that are let through, with what they mean
 */
export function parseMediaType(
  text: string,
  shortNames: ReadonlyMap<string, string> = new Map(),
): MediaType | undefined {
  const head = TYPE.exec(text);
  if (!head) return undefined;
  const name = head[1]!.toLowerCase();
  const type = name.includes('/') ? name : shortNames.get(name);
  if (type === undefined) return undefined;
  const parameters = new Map<string, string>();
  let position = head[0].length;
  while (position < text.length) {
    PARAMETER.lastIndex = position;
    const match = PARAMETER.exec(text);
    if (!match) return undefined;
    position = PARAMETER.lastIndex;
    if (match[1] === undefined) continue;
    const name = match[1].toLowerCase();
    if (parameters.has(name)) return undefined;
    parameters.set(name, unquote(match[2]!));
  }
  return { type, parameters: Object.fromEntries(parameters) };
}

// --- internal ---

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}
