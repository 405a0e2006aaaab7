/**
 * JSON as Python's `json` module reads and writes it, and its values as `str` and `repr` write them: whole numbers of any
 * size stay as they are, floats keep a point or an exponent, and texts are written in ASCII. For what AWS's training toolkit,
 * which is Python, hands to programs. Source: docs.python.org, json and "Built-in Types".
 */

/** A number as Python writes it. */
class PythonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** The value of `text`, its numbers as PythonNumber; text that is no JSON is that text. */
export function readPythonJson(text: string): unknown {
  const plain = text.trim();
  if (/^(NaN|-?Infinity)$/.test(plain)) return new PythonNumber(plain);
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' ? new PythonNumber(numberText(context?.source ?? String(value))) : value,
    );
  } catch {
    return text;
  }
}

/** As `json.dumps` with sorted keys, no blanks, and ASCII only. */
export function writePythonJson(value: unknown): string {
  if (value instanceof PythonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(writePythonJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${entriesOf(value)
      .map(([name, member]) => `${asciiJson(name)}:${writePythonJson(member)}`)
      .join(',')}}`;
  }
  return typeof value === 'string' ? asciiJson(value) : JSON.stringify(value);
}

/** As `str`: of an object its members as `name=value`, as the toolkit has them; nothing for null. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && !Array.isArray(value) && !(value instanceof PythonNumber)) {
    return entriesOf(value)
      .map(([name, member]) => `${name}=${member === null ? 'None' : strOf(member)}`)
      .join(',');
  }
  return reprOf(value);
}

// --- internal ---

/** Whole numbers have no end in Python; others are doubles. */
function numberText(source: string): string {
  return /^-?\d+$/.test(source) ? source.replace(/^-0$/, '0') : floatText(Number(source));
}

/** The shortest digits that read back, with an exponent from 1e16 on and below 1e-4. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function strOf(value: unknown): string {
  return typeof value === 'string' ? value : reprOf(value);
}

function reprOf(value: unknown): string {
  if (value instanceof PythonNumber) return value.text.replace('Infinity', 'inf').replace('NaN', 'nan');
  if (typeof value === 'string') return quotedText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(reprOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return 'None';
  const members = Object.entries(value).map(([name, member]) => `${quotedText(name)}: ${reprOf(member)}`);
  return `{${members.join(', ')}}`;
}

function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(/[\\\n\r\t]/g, (char) => ESCAPES[char]!).replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Python sorts by code points, in whose order UTF-8 is. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
