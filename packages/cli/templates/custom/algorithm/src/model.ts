/** The model's file: what training writes, and how serving reads it back. */
import type { LoadContext } from '@algo/contract';
import { z } from 'zod';
import type { NaiveBayes } from './naive-bayes.js';

export const MODEL_FILE = 'naive-bayes.json';

const schema = z.object({
  labels: z.array(z.string()).min(1),
  priors: z.array(z.number()),
  words: z.record(z.string(), z.array(z.number())),
});

/** The file's text. @throws ZodError for a model that `load` would refuse */
export function modelText(model: NaiveBayes): string {
  return `${JSON.stringify(schema.parse(model))}\n`;
}

/** @throws ClientError E_MODEL for a file that is not what training writes */
export function load({ artifact }: LoadContext): NaiveBayes {
  return artifact.readJson(MODEL_FILE, schema);
}
