/**
 * Media types with parameters (RFC 9110, section 8.3.1): `text/csv; label_size=2`. Real clients send parameters,
 * quotes and capitals; servers that compare the header as a string fail on them.
 */
import { quoted } from '../visible.js';

/** A type, with what is said about it. */
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
const TYPE = new RegExp(`^[ \\t]*(${TOKEN}(?:/${TOKEN})?)[ \\t]*(?=[;\\s]|$)`);
/** A semicolon, then a parameter or nothing: `text/csv;` is allowed, and so are blanks around `=`, which some clients send. */
const PARAMETER = new RegExp(`;[ \\t]*(?:(${TOKEN})[ \\t]*=[ \\t]*(${TOKEN}|${QUOTED})[ \\t]*)?(?=;|$)`, 'y');

/** A media type with something behind it that is no parameter. */
export interface MalformedMediaType {
  /** Lower case `type/subtype`. */
  readonly type: string;
  /** The rule that its parameters break, and what was received. */
  readonly problem: string;
}

/**
 * The media type that `text` names, or undefined when it does not follow the grammar or gives a parameter twice.
 * A range such as `text/*` is a media type here.
 * @param shortNames names without a slash that are let through, with what they mean
 */
export function parseMediaType(text: string, shortNames?: ReadonlyMap<string, string>): MediaType | undefined {
  const read = readMediaType(text, shortNames);
  return read && 'parameters' in read ? read : undefined;
}

/** As `parseMediaType`, with what is wrong behind a type that can be read. */
export function readMediaType(
  text: string,
  shortNames: ReadonlyMap<string, string> = new Map(),
): MediaType | MalformedMediaType | undefined {
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
    if (!match) return { type, problem: malformed(text, position) };
    position = PARAMETER.lastIndex;
    if (match[1] === undefined) continue;
    const name = match[1].toLowerCase();
    if (parameters.has(name)) {
      return { type, problem: `its parameter ${quoted(name)} must be there once; received it twice` };
    }
    parameters.set(name, unquote(match[2]!));
  }
  return { type, parameters: Object.fromEntries(parameters) };
}

// --- internal ---

const SHOWN_CHARS = 60;

/** @param position of what should begin a parameter: a semicolon, unless the one is missing */
function malformed(text: string, position: number): string {
  const [rest] = /^;?[^;]*/.exec(text.slice(position))!;
  const received = quoted(rest.replace(';', '').trim(), SHOWN_CHARS);
  if (!rest.startsWith(';')) return `only parameters, each after a semicolon, must follow it; received ${received}`;
  return `its parameters must be written NAME=VALUE, VALUE in quotes where it is empty or has blanks or separators such as ";" and ","; received ${received}`;
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}
