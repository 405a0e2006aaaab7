/**
 * `listing/published.json`: the version that buyers have, as it was described when it was published. It is committed, so that
 * every later version is compared with it, on any machine and without building the old one.
 */
import { type AlgorithmDescription, ArgumentError, messageOf } from '@algo/local';
import { parseDescription } from '@algo/local/description';
import { z } from 'zod';
import type { Product } from '../product/schema.js';
import type { ProductVersion } from './aspect.js';

export const PUBLISHED_FILE = 'published.json';

export interface Published extends ProductVersion {
  /** As buyers read them; undefined where only a definition is known. */
  readonly releaseNotes: string | undefined;
}

const types = z.array(z.string()).optional();
const schema = z.strictObject({
  releaseNotes: z.string(),
  instances: z.strictObject({ training: types, realTime: types, batch: types }),
  definition: z.record(z.string(), z.unknown()),
});

/**
 * @param text of published.json, or of `algo describe`, which is among the files of a release
 * @throws ArgumentError naming the file and what is wrong with it
 */
export function parsePublished(text: string, file: string): Published {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'InferenceSpecification' in value) {
      return { definition: parseDescription(value), instances: {}, releaseNotes: undefined };
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
    return { ...parsed.data, definition: parseDescription(parsed.data.definition) };
  } catch (error) {
    throw new ArgumentError(
      `${file} must be a ${PUBLISHED_FILE} that algo listing release wrote, or the output of algo describe; ${messageOf(error)}`,
    );
  }
}

/** Without descriptions, which no buyer's program depends on. */
export function publishedText(definition: AlgorithmDescription, product: Product, releaseNotes: string): string {
  const { training, realTime, batch } = instancesOf(product);
  const value = {
    releaseNotes,
    instances: { ...(training && { training }), realTime, batch },
    definition: { ...(withoutTexts(definition) as object), Capabilities: capabilities(definition) },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function instancesOf({ instances }: Product): ProductVersion['instances'] {
  const { training, realTime, batch } = instances;
  return {
    ...(training && { training: Object.keys(training) }),
    ...{ realTime: Object.keys(realTime), batch: Object.keys(batch) },
  };
}

// --- internal ---

/** What the comparison reads; the rest explains or advises. */
function capabilities({ Capabilities }: AlgorithmDescription): unknown {
  const { Outputs, Inputs, Answers } = Capabilities;
  const own = (one: (typeof Inputs)[number]) => ({
    ContentType: one.ContentType,
    ...(one.MaxDecodedBytes !== undefined && { MaxDecodedBytes: one.MaxDecodedBytes }),
    ...(one.Fields && {
      Fields: one.Fields.map(({ Path, Rule, IsRequired }) => ({ Path, Rule, IsRequired, Description: '' })),
    }),
  });
  return {
    Outputs: Outputs.map(({ Name, IsOptional }) => ({ Name, IsOptional })),
    Inputs: Inputs.map(own),
    Answers: Answers.map(own),
  };
}

function withoutTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'Description');
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutTexts(item)]));
}
