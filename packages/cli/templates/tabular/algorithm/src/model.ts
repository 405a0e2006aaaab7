/** The model's file: what training writes, and how serving reads it back. */
import type { LoadContext } from '@algo/contract';
import { z } from 'zod';
import type { Centroids } from './centroids.js';

export const MODEL_FILE = 'centroids.json';

const schema = z.object({
  featureCount: z.int().min(1),
  classes: z.array(z.int()).min(1),
  means: z.array(z.number()),
  scales: z.array(z.number().positive()),
});

/** The file's text. @throws ZodError for a model that `load` would refuse */
export function modelText(centroids: Centroids): string {
  return `${JSON.stringify(schema.parse(centroids))}\n`;
}

/** @throws ClientError E_MODEL for a file that is not what training writes */
export function load({ artifact }: LoadContext): Centroids {
  return artifact.readJson(MODEL_FILE, schema);
}
