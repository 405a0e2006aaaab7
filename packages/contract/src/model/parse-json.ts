/** A JSON file of a model, checked by the schema that its reader brings. */
import type { ZodType } from 'zod';
import { ClientError } from '../errors.js';

/** @throws ClientError E_MODEL naming the file and what is wrong in it */
export function parseJson<T>(path: string, text: string, schema: ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(path, text), { jitless: true }); // to compile it for one use takes longer
  if (!parsed.success) throw new ClientError('E_MODEL', `${path}: ${inWords(parsed.error.issues)}`);
  return parsed.data;
}

/** @throws ClientError E_MODEL naming the file where the text is no JSON */
export function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ClientError('E_MODEL', `${path}: not valid JSON.`, { cause: error });
  }
}

/** As many problems as show what is wrong with a file, and the number of the others: each entry of a long list may be one. */
export function firstOf(problems: readonly string[]): readonly string[] {
  if (problems.length <= SHOWN_PROBLEMS) return problems;
  return [...problems.slice(0, SHOWN_PROBLEMS), `and ${problems.length - SHOWN_PROBLEMS} more`];
}

// --- internal ---

const SHOWN_PROBLEMS = 10;

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** As zod's `prettifyError` writes them; zod itself is with the schema, and loaded for no other. */
function inWords(issues: readonly Issue[]): string {
  const nearestFirst = issues.toSorted((a, b) => a.path.length - b.path.length);
  return firstOf(
    nearestFirst.map(({ message, path }) => `✖ ${message}${path.length > 0 ? `\n  → at ${placeOf(path)}` : ''}`),
  ).join('\n');
}

/** `layers[0].units` */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    if (typeof key === 'symbol' || /[^\w$]/.test(key)) return `${place}[${JSON.stringify(String(key))}]`;
    return place === '' ? key : `${place}.${key}`;
  }, '');
}
