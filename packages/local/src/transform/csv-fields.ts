/**
 * The fields of a line of CSV as they are written, with their quotes, so that a field that passes through is not changed.
 * A comma within quotes belongs to its field; two quotes within quotes are one. Source: RFC 4180, section 2.
 */
import { ArgumentError } from '../errors.js';

/**
 * @param line without its line end
 * @throws ArgumentError for a quote that is not closed
 */
export function splitFields(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  let start = 0;
  for (;;) {
    const end = line[start] === '"' ? endOfQuoted(line, start) : endOfPlain(line, start);
    fields.push(line.slice(start, end));
    if (end === line.length) return fields;
    start = end + 1;
  }
}

// --- internal ---

function endOfPlain(line: string, start: number): number {
  const comma = line.indexOf(',', start);
  return comma === -1 ? line.length : comma;
}

function endOfQuoted(line: string, start: number): number {
  for (let at = start + 1; ; at += 2) {
    at = line.indexOf('"', at);
    if (at === -1) {
      throw new ArgumentError(
        'a quoted field must end on its line, as records are split at line ends; its quote is not closed.',
      );
    }
    if (line[at + 1] !== '"') return endOfPlain(line, at + 1);
  }
}
