/** A value of a request or an answer under the schema that its author gave. */
import type { z } from 'zod';
import { isStackOverflow } from '../out-of-memory.js';

/** A value that follows the schema, or a sentence for each of the first things that are wrong, and how many more there are. */
export type Checked<V> = { readonly value: V } | { readonly problem: string };

/**
 * `value` under the schema.
 * @param whole what the value itself is called, where the problem is with no field of it: `the body`
 */
export async function checkBySchema<V>(schema: z.ZodType<V>, value: unknown, whole: string): Promise<Checked<V>> {
  try {
    const result = await schema.safeParseAsync(value, { reportInput: true });
    if (result.success) return { value: result.data };
    const { listIssues } = await import('./schema-problems.js'); // which needs zod
    return { problem: listIssues(result.error.issues, whole) };
  } catch (error) {
    // zod gathers all that is wrong, and fails over some hundred thousand of it.
    if (!isStackOverflow(error)) throw error;
    return { problem: `${whole} must follow its schema; it breaks it in too many places to list.` };
  }
}
