/**
 * What a schema says of each hyperparameter, read from the JSON Schema that zod derives of it. Parsing, messages,
 * SageMaker's specification and the documentation all start here.
 */
import { z } from 'zod';

/**
 * Where a search is worth its jobs: the service's own specifications have only the range of valid values, which is often far
 * too wide to search.
 */
export interface TuningRange {
  readonly from: number;
  readonly to: number;
  /** Default: the service chooses. */
  readonly scale?: 'Logarithmic';
}

/** The parts of JSON Schema (draft 2020-12) that zod writes for hyperparameters. */
export interface Rule {
  readonly type?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly Rule[];
  readonly items?: Rule | false;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly tunable?: boolean;
  readonly tuning?: TuningRange;
  /** Of a text that is a list: what it must be. */
  readonly list?: string;
}

export interface Field {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly rule: Rule;
  /** Neither optional nor given a default. */
  readonly isRequired: boolean;
}

/** The fields of `schema` by name, in its order. */
export function describeFields(schema: z.ZodObject): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const [name, part] of Object.entries(schema.shape)) {
    const field = part as z.ZodType;
    const rule = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as Rule;
    fields.set(name, { name, schema: field, rule, isRequired: !field.safeParse(undefined).success });
  }
  return fields;
}

/** The rule as the end of "must be …": `an integer in [1, 16]`. */
export function ruleOf(field: Field): string {
  return sentenceOf(field.rule);
}

/** Lower and upper bound where there is one; zod's own bounds of safe integers count as none. */
export function boundsOf(rule: Rule): { readonly low: number | undefined; readonly high: number | undefined } {
  const low = rule.exclusiveMinimum ?? rule.minimum;
  const high = rule.exclusiveMaximum ?? rule.maximum;
  return {
    low: low === undefined || low <= Number.MIN_SAFE_INTEGER ? undefined : low,
    high: high === undefined || high >= Number.MAX_SAFE_INTEGER ? undefined : high,
  };
}

/**
 * The same as closed bounds, which is all that SageMaker's specification knows: an open one becomes the next number
 * inside, so that what is published is accepted, and nothing else.
 */
export function closedBoundsOf(rule: Rule): ReturnType<typeof boundsOf> {
  const { low, high } = boundsOf(rule);
  const step = rule.type === 'integer' ? (value: number, sign: 1 | -1) => value + sign : nextDouble;
  return {
    low: low !== undefined && low === rule.exclusiveMinimum ? step(low, 1) : low,
    high: high !== undefined && high === rule.exclusiveMaximum ? step(high, -1) : high,
  };
}

/** The double next to the finite `value`, above it (1) or below (-1). */
export function nextDouble(value: number, sign: 1 | -1): number {
  if (value === 0) return sign * Number.MIN_VALUE;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  // Doubles of one sign are ordered as the integers that their bits are.
  bits.setBigUint64(0, bits.getBigUint64(0) + (value > 0 === sign > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

// --- internal ---

function sentenceOf(rule: Rule): string {
  if (rule.list !== undefined) return rule.list;
  if (rule.anyOf) return rule.anyOf.map(sentenceOf).join(' or ');
  if (rule.const !== undefined) return `"${rule.const}"`;
  if (rule.enum) return rule.enum.length === 1 ? `"${rule.enum[0]}"` : `one of ${rule.enum.join(', ')}`;
  if (rule.type === 'integer') return `an integer${rangeOf(rule)}`;
  if (rule.type === 'number') return `a number${rangeOf(rule)}`;
  if (rule.type === 'boolean') return 'true or false';
  if (rule.type === 'array')
    return `a list${sizeOf(rule)}, each entry ${rule.items ? sentenceOf(rule.items) : 'any text'}`;
  return rule.pattern ? `text that matches ${rule.pattern}` : 'text';
}

/** Of a list: ` of 1 to 4 entries`. */
function sizeOf({ minItems = 0, maxItems }: Rule): string {
  if (maxItems === undefined) return minItems > 0 ? ` of ≥ ${minItems} entries` : '';
  return minItems === maxItems ? ` of ${maxItems} entries` : ` of ${minItems} to ${maxItems} entries`;
}

function rangeOf(rule: Rule): string {
  const { low, high } = boundsOf(rule);
  const opening = rule.exclusiveMinimum === undefined ? '[' : '(';
  const closing = rule.exclusiveMaximum === undefined ? ']' : ')';
  if (low !== undefined && high !== undefined) return ` in ${opening}${low}, ${high}${closing}`;
  if (low !== undefined) return rule.exclusiveMinimum === undefined ? ` ≥ ${low}` : ` > ${low}`;
  if (high !== undefined) return rule.exclusiveMaximum === undefined ? ` ≤ ${high}` : ` < ${high}`;
  return '';
}
