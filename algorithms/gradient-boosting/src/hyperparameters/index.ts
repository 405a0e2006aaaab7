/**
 * The hyperparameters: names and defaults of XGBoost and of its SageMaker container, so that a job for that container
 * runs here unchanged. Each group is a file in hyperparameters/; rules.ts has the rules between them.
 */
import { z } from 'zod';
import { boosting } from './boosting.js';
import { compatibility } from './compatibility.js';
import { job } from './job.js';
import { objective } from './objective.js';
import { trees } from './trees.js';

/** Made when it is needed first: a server does without it. */
export function hyperparameters(): Schema {
  schema ??= makeSchema();
  return schema;
}

export type Hyperparameters = z.output<Schema>;

// --- internal ---

const makeSchema = () => z.object({ ...boosting(), ...trees(), ...objective(), ...job(), ...compatibility() });
type Schema = ReturnType<typeof makeSchema>;
let schema: Schema | undefined;
