/** The files of input/config: JSON, checked by a schema. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { PlatformError } from './errors.js';

/** A member that may be missing, which launchers in Python write as null. */
export function mayBeMissing<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => value ?? undefined, schema.optional()).optional();
}

/** The file as JSON checked against `schema`, or undefined when there is none. */
export function readConfig<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PlatformError('E_ENVIRONMENT', `${path} must be valid JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(value, { jitless: true }); // to compile it for one use takes longer
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.map(String).join('.') || 'the whole file';
  const received = issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)?.[key], value);
  throw new PlatformError(
    'E_ENVIRONMENT',
    `${path}, ${place}: ${issue.message}; received ${JSON.stringify(received) ?? 'nothing'}.`,
  );
}
