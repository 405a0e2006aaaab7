/**
 * Own payloads as buyers see them: JSON Schema for programs, and for people a line per field, with the `.meta()` that the
 * author gave each.
 */
import { z } from 'zod';
import type { AnswerDefinition, InputDefinition } from './definition.js';
import { DEFAULT_MAX_BYTES } from './read-input.js';

export interface FieldDescription {
  /** `instances[].size`; empty for the payload itself. */
  readonly Path: string;
  /** `an integer in [1, 16]` */
  readonly Rule: string;
  readonly IsRequired: boolean;
  readonly Description: string;
}

export interface PayloadDescription {
  readonly ContentType: string;
  readonly Description: string;
  /** Largest decoded value; of inputs that a function decodes. */
  readonly MaxDecodedBytes?: number;
  /** JSON Schema, draft 2020-12; of JSON. */
  readonly Schema?: JsonSchema;
  readonly Fields?: readonly FieldDescription[];
}

/** The part of JSON Schema that is read here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** @throws Error naming what JSON Schema cannot say, such as a date */
export function describeInput(ContentType: string, input: InputDefinition): PayloadDescription {
  const head = { ContentType, Description: input.description };
  if ('decode' in input) return { ...head, MaxDecodedBytes: input.maxBytes ?? DEFAULT_MAX_BYTES };
  return { ...head, ...describeSchema(input.schema, 'input') };
}

/** @throws Error naming what JSON Schema cannot say */
export function describeAnswer(ContentType: string, answer: AnswerDefinition): PayloadDescription {
  const head = { ContentType, Description: answer.description };
  return 'schema' in answer ? { ...head, ...describeSchema(answer.schema, 'output') } : head;
}

// --- internal ---

/** Deeper fields are in the schema only. */
const MAX_FIELD_DEPTH = 8;

function describeSchema(schema: z.ZodType, io: 'input' | 'output') {
  const Schema = z.toJSONSchema(schema, { io }) as JsonSchema;
  const Fields: FieldDescription[] = [];
  addFields(Fields, Schema, '', true, 0);
  return { Schema, Fields };
}

function addFields(
  fields: FieldDescription[],
  schema: JsonSchema,
  Path: string,
  IsRequired: boolean,
  depth: number,
): void {
  fields.push({ Path, Rule: ruleOf(schema), IsRequired, Description: textOf(schema.description) });
  if (depth >= MAX_FIELD_DEPTH) return;
  for (const branch of schemasIn(schema.anyOf)) addMembers(fields, branch, Path, depth);
  addMembers(fields, schema, Path, depth);
}

function addMembers(fields: FieldDescription[], schema: JsonSchema, path: string, depth: number): void {
  const required = Array.isArray(schema.required) ? schema.required : [];
  for (const [name, member] of Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>)) {
    addFields(fields, member, path === '' ? name : `${path}.${name}`, required.includes(name), depth + 1);
  }
  const { items } = schema;
  const isWorthALine = isSchema(items) && (items.properties ?? items.items ?? items.anyOf ?? items.description);
  if (isWorthALine) addFields(fields, items, `${path}[]`, true, depth + 1);
}

/** `a list of 1 to 100 texts`, as the end of "must be …". */
function ruleOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  const branches = schemasIn(schema.anyOf);
  if (branches.length > 0) return [...new Set(branches.map(ruleOf))].join(' or ');
  switch (schema.type) {
    case 'integer':
      return `an integer${rangeOf(schema)}`;
    case 'number':
      return `a number${rangeOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return `text${countOf(schema.minLength, schema.maxLength, 'characters')}${typeof schema.pattern === 'string' ? ` that matches ${schema.pattern}` : ''}`;
    case 'array':
      return `a list${countOf(schema.minItems, schema.maxItems, 'entries')}${isSchema(schema.items) ? `, each ${ruleOf(schema.items)}` : ''}`;
    case 'object':
      return 'an object';
    case 'null':
      return 'null';
    default:
      return schema.$ref === undefined ? 'any JSON' : 'an object of the same form';
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = boundOf(exclusiveMinimum ?? minimum);
  const high = boundOf(exclusiveMaximum ?? maximum);
  if (low === undefined && high === undefined) return '';
  if (high === undefined) return ` ${exclusiveMinimum === undefined ? '≥' : '>'} ${low}`;
  if (low === undefined) return ` ${exclusiveMaximum === undefined ? '≤' : '<'} ${high}`;
  return ` in ${exclusiveMinimum === undefined ? '[' : '('}${low}, ${high}${exclusiveMaximum === undefined ? ']' : ')'}`;
}

/** zod's own bounds of safe integers count as none. */
function boundOf(value: unknown): number | undefined {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

function countOf(least: unknown, most: unknown, units: string): string {
  const isBounded = typeof most === 'number';
  if (typeof least !== 'number' && !isBounded) return '';
  const unit = (count: unknown) => (count === 1 ? units.replace(/ies$/, 'y').replace(/s$/, '') : units);
  if (least === most) return ` of ${least} ${unit(least)}`;
  if (!isBounded) return ` of at least ${least} ${unit(least)}`;
  return typeof least === 'number' ? ` of ${least} to ${most} ${unit(most)}` : ` of at most ${most} ${unit(most)}`;
}

function schemasIn(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

function textOf(description: unknown): string {
  return typeof description === 'string' ? description : '';
}
