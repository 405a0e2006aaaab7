/** The files of input/config: JSON, checked by a schema. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { PlatformError } from './errors.js';
import { quoted, shortened } from './visible.js';

/** A member that may be missing, which launchers in Python write as null. */
export function mayBeMissing<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => value ?? undefined, schema.optional()).optional();
}

/** The file as JSON checked against `schema`, or undefined when there is none. */
export function readConfig<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  const value = parse(path);
  const parsed = schema.safeParse(value, { jitless: true }); // to compile it for one use takes longer
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.map(String).join('.') || 'the whole file';
  const found = issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)?.[key], value);
  const received = issue.code === 'invalid_key' ? issue.path.at(-1) : found;
  throw new PlatformError(
    'E_ENVIRONMENT',
    `${path}, ${shortened(place)}: ${ruleOf(issue)}; received ${shortened(JSON.stringify(received) ?? 'nothing')}.`,
  );
}

// --- internal ---

function parse(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformError('E_ENVIRONMENT', `${path} must be a file that can be read; received ${reason}.`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PlatformError('E_ENVIRONMENT', `${path} must be valid JSON; received ${quoted(text)}.`, { cause: error });
  }
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

/** What a part of a file must be, in our words. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  if (issue.code === 'too_small') return 'must not be empty';
  if (issue.code === 'invalid_key') return `must have a name of ${issue.issues[0]?.message}`;
  return `must be valid: ${issue.message}`;
}
