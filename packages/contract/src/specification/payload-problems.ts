/** Parts of a definition's inputs and answers that the SDK could not implement, or could not describe to buyers. */

import type { z } from 'zod';
import type { Algorithm } from '../algorithm.js';
import { textOf } from '../errors.js';
import { formatName } from '../formats/formats.js';
import { parseMediaType } from '../formats/media-type.js';
import { describeAnswer, describeInput } from '../payloads/describe.js';
import { payloadSchemaProblems } from './schema-habits.js';

/** A sentence each. */
export function payloadProblems({ contentTypes, outputs, inputs, answers }: Algorithm): string[] {
  const problems: string[] = [];
  const hasColumns = Object.keys(outputs).length > 0;
  if (contentTypes.input.length === 0 && Object.keys(inputs).length === 0) {
    problems.push('There must be at least one input: a format of rows in contentTypes.input, or one in inputs.');
  }
  if (contentTypes.output.length === 0 && Object.keys(answers).length === 0) {
    problems.push('There must be at least one answer: a format of rows in contentTypes.output, or one in answers.');
  }
  if (contentTypes.output.length > 0 && !hasColumns) problems.push('There must be at least one output.');
  if (contentTypes.output.length === 0 && hasColumns) {
    problems.push(
      'Outputs are the columns of rows: without a format of rows in contentTypes.output there must be none.',
    );
  }
  return [
    ...problems,
    ...ownProblems('inputs', inputs, contentTypes.input, 'decode', describeInput),
    ...ownProblems('answers', answers, contentTypes.output, 'encode', describeAnswer),
  ];
}

// --- internal ---

/** @param codec the function that stands in for a schema */
function ownProblems<D extends { readonly description: string }>(
  part: string,
  definitions: Readonly<Record<string, D>>,
  rowTypes: readonly string[],
  codec: 'decode' | 'encode',
  describe: (type: string, definition: D) => unknown,
): string[] {
  const rows = rowTypes.map((text) => parseMediaType(text)?.type);
  return Object.entries(definitions).flatMap(([type, definition]) => {
    const place = `${part}["${type}"]`;
    if (!isPlainType(type)) return [`${place}: the name must be a media type in lower case, without parameters.`];
    if (rows.includes(type) || rows.includes(formatName(type))) {
      return [`${place}: the type is in contentTypes too; it must be in one of both.`];
    }
    if (definition.description === '') return [`${place}: there must be a description.`];
    if ('schema' in definition === codec in definition) return [`${place}: there must be either schema or ${codec}.`];
    if ('maxBytes' in definition && !isBound(definition.maxBytes)) {
      return [`${place}: maxBytes must be an integer ≥ 1; received ${textOf(definition.maxBytes)}.`];
    }
    try {
      describe(type, definition);
      if (!('schema' in definition)) return [];
      return payloadSchemaProblems(place, definition.schema as z.ZodType, part === 'inputs' ? 'input' : 'output');
    } catch (error) {
      return [`${place}: the schema has no JSON Schema: ${error instanceof Error ? error.message : textOf(error)}`];
    }
  });
}

function isPlainType(type: string): boolean {
  const parsed = parseMediaType(type);
  return parsed?.type === type && !type.includes('*');
}

function isBound(maxBytes: unknown): boolean {
  return maxBytes === undefined || (Number.isSafeInteger(maxBytes) && (maxBytes as number) >= 1);
}
