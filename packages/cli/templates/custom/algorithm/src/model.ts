/** The model's file, and how serving reads it back. */
import type { LoadContext } from '@algo/contract';
import { z } from 'zod';
import type { NaiveBayes } from './naive-bayes.js';

export const MODEL_FILE = 'naive-bayes.json';

const schema = z.object({
  labels: z.array(z.string()).min(1),
  priors: z.array(z.number()),
  words: z.record(z.string(), z.array(z.number())),
});

/** @throws ClientError E_MODEL for a file that is not what training writes */
export function load({ artifact }: LoadContext): NaiveBayes {
  return artifact.readJson(MODEL_FILE, schema);
}
