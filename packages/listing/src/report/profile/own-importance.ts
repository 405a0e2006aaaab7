/**
 * The importance of features as an algorithm itself reports it: `feature-importance.json` in what its training job left in
 * /opt/ml/output/data, with a `gain` or `importance` for each feature. Gradient boosting writes one.
 */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, JobError, removeTree, unpackArchive } from '@algo/local';
import { z } from 'zod';
import { Left } from '../evaluation/left.js';
import type { ValidationRecord } from '../record.js';

export interface OwnImportance {
  /** What the number is: `total gain`, `gain`, `importance`. */
  readonly measure: string;
  readonly features: readonly { readonly index: number | undefined; readonly name: string; readonly value: number }[];
}

const FILE = 'feature-importance.json';

/** @throws Left where there is none */
export async function readOwnImportance({ outputArchive, directory }: ValidationRecord): Promise<OwnImportance> {
  if (outputArchive === undefined) throw new Left(`the training job left no ${FILE} in /opt/ml/output/data.`);
  const folder = mkdtempSync(join(directory, 'report-'));
  try {
    await unpackArchive(outputArchive, folder);
    const path = join(folder, FILE);
    if (!existsSync(path)) throw new Left(`the training job left no ${FILE} in /opt/ml/output/data.`);
    return importanceOf(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof JobError || error instanceof ArgumentError || error instanceof SyntaxError) {
      throw new Left(`${FILE} cannot be read: ${error.message}`);
    }
    throw error;
  } finally {
    await removeTree(folder);
  }
}

// --- internal ---

const fileSchema = z.looseObject({
  features: z.array(
    z.looseObject({
      feature: z.string(),
      index: z.int().optional(),
      total_gain: z.number().optional(),
      gain: z.number().optional(),
      importance: z.number().optional(),
    }),
  ),
});

const MEASURES = ['total_gain', 'gain', 'importance'] as const;

function importanceOf(value: unknown): OwnImportance {
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) throw new Left(`${FILE} has another form: ${z.prettifyError(parsed.error)}`);
  const { features } = parsed.data;
  const key = MEASURES.find((measure) => features.length > 0 && features.every((one) => one[measure] !== undefined));
  if (key === undefined) throw new Left(`${FILE} has no number for its features.`);
  const found = features.map(({ feature, index, ...numbers }) => ({ index, name: feature, value: numbers[key]! }));
  return { measure: key.replace('_', ' '), features: found };
}
