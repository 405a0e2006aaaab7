/**
 * Mistakes that zod accepts in a schema: a default that breaks its own rule, which zod never checks, and keys of `.meta()`
 * that nothing reads.
 */
import { z } from 'zod';
import { type Field, ruleOf } from '../hyperparameters/field.js';
import { readCandidates } from '../hyperparameters/parse-value.js';
import { unknownKeyProblems } from './unknown-keys.js';

/** Of a hyperparameter, a sentence each. */
export function fieldSchemaProblems(field: Field): string[] {
  const place = `Hyperparameter "${field.name}"`;
  const metas = schemasIn(field.schema, 'input').flatMap(({ part }) =>
    unknownKeyProblems(place, part.meta() ?? {}, META_KEYS, IN_META),
  );
  return [...defaultProblems(place, field), ...new Set(metas)];
}

/** Of the JSON of an input or answer, a sentence each. @param place `inputs["application/json"]` */
export function payloadSchemaProblems(place: string, schema: z.ZodType, io: 'input' | 'output'): string[] {
  return schemasIn(schema, io).flatMap(({ part, path }) => {
    const at = path === '' ? place : `${place}: ${path}`;
    const problems = unknownKeyProblems(at, part.meta() ?? {}, PAYLOAD_META_KEYS, { ...IN_META, hasOthers: true });
    if (!(part instanceof z.ZodDefault || part instanceof z.ZodPrefault) || isOwnValue(part)) return problems;
    return [...problems, `${at}: the default must follow its own schema; received ${shown(part.def.defaultValue)}.`];
  });
}

// --- internal ---

const IN_META = { within: ' in .meta()' };
const META_KEYS = ['description', 'tunable', 'tuning', 'list', 'title', 'id', 'examples', 'deprecated'];
/** JSON Schema takes any keyword; one close to these is a typing error. */
const PAYLOAD_META_KEYS = ['description', 'title', 'id', 'examples', 'deprecated'];

/** A default is used as it is, or sent as the text that `describe` publishes: one of both must be a valid value. */
function defaultProblems(place: string, field: Field): string[] {
  const { schema, rule } = field;
  if (rule.default === undefined) return [];
  const used = schema.safeParse(undefined);
  const value = used.success ? used.data : rule.default;
  const candidates = [value, ...readCandidates(rule, String(value))];
  if (candidates.some((candidate) => isValid(schema, candidate))) return [];
  return [`${place}: the default must be ${ruleOf(field)}; received ${shown(value)}.`];
}

/** The schema and all within it, each with its path. @throws Error naming what JSON Schema cannot say, in a payload */
function schemasIn(schema: z.ZodType, io: 'input' | 'output') {
  const found: { readonly part: z.ZodType; readonly path: string }[] = [];
  z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, path }) => {
      found.push({ part: zodSchema as z.core.$ZodType as z.ZodType, path: fieldPath(path) });
    },
  });
  return found;
}

/** `list[].size` of JSON Schema's `properties.list.items.properties.size` */
function fieldPath(path: readonly (string | number)[]): string {
  let text = '';
  for (let at = 0; at < path.length; at++) {
    if (path[at] === 'properties') text += `${text === '' ? '' : '.'}${path[++at]}`;
    else if (path[at] === 'items' || path[at] === 'prefixItems') text += '[]';
  }
  return text;
}

/** Whether a default is valid: one of `default` is a value of the schema's output, one of `prefault` of its input. */
function isOwnValue(part: z.ZodDefault | z.ZodPrefault): boolean {
  const { innerType, defaultValue } = part.def;
  if (part instanceof z.ZodPrefault) return isValid(innerType, defaultValue);
  try {
    return z.safeEncode(part, defaultValue).success;
  } catch {
    return true; // a transform only goes one way
  }
}

/** A schema that needs promises, or whose own rule throws, can only be judged when it is used. */
function isValid(schema: z.core.$ZodType, value: unknown): boolean {
  try {
    return z.safeParse(schema, value).success;
  } catch {
    return true;
  }
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}
