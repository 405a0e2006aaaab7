/** JSON Schemas of the two files that others write and read: a profile, and the report as JSON. */
import { z } from 'zod';
import { profileSchema } from '../profile/profile-schema.js';

const severity = z.enum(['must', 'should']);
const result = z.enum(['passed', 'broken', 'not-tried']);
const count = z.int().min(0);

export const reportSchema = z.strictObject({
  subject: z.string().describe('Image or file'),
  conforms: z.boolean().describe('No rule that must hold is broken'),
  counts: z.strictObject({ passed: count, broken: count, 'not-tried': count }),
  results: z.array(
    z.strictObject({
      id: z
        .string()
        .regex(/^[a-z-]+\.[a-z0-9-]+$/)
        .describe('Never changes'),
      rule: z.string().describe('What it says, in one sentence'),
      source: z.string().describe("A page of AWS's guides, a shape of its API, or an RFC"),
      severity,
      result,
      message: z.string().describe('What was received, or why it was not tried; one line'),
      seconds: z.number().min(0),
    }),
  ),
});

/** @returns JSON Schema, draft 2020-12 */
export function schemaOf(what: 'profile' | 'report'): object {
  // Of a profile as it is written: what has a default may be left out.
  return what === 'profile' ? z.toJSONSchema(profileSchema, { io: 'input' }) : z.toJSONSchema(reportSchema);
}
