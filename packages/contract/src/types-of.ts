/** The types that the other files of an algorithm take from its declaration: `type Job = JobOf<typeof definition>`. */
import type { z } from 'zod';
import type { Received } from './algorithm.js';
import type { Definition } from './declaration.js';
import type { AnswerValue } from './payloads/definition.js';
import type { ColumnsOf, PredictRequest } from './prediction.js';
import type { TrainingJob } from './training/job.js';

/** The parsed hyperparameters of a definition. */
export type HyperparametersOf<D extends Definition> = z.output<D['hyperparameters']>;
/** What `train` of a definition gets: `type Job = JobOf<typeof definition>`. */
export type JobOf<D extends Definition> = TrainingJob<
  HyperparametersOf<D>,
  D['channels'],
  keyof D['metrics'] & string,
  PrecisionOf<D>
>;
/** The names of its metrics. */
export type MetricNameOf<D extends Definition> = keyof D['metrics'] & string;
/** What `predict` gets. */
export type InputOf<D extends Definition> = Received<D['contentTypes'], D['inputs'], PrecisionOf<D>>;
/** What `predict` gets besides. */
export type RequestOf<D extends Definition> = PredictRequest<keyof D['outputs'] & string>;
/** The columns that `predict` returns for an answer in rows. */
export type PredictionsOf<D extends Definition> = ColumnsOf<D['outputs']>;
/** The values that `predict` returns for the algorithm's own answers. */
export type AnswerOf<D extends Definition> = AnswerValue<D['answers']>;

/** Of the features that its channels and requests give. */
type PrecisionOf<D extends Definition> = NonNullable<D['precision']>;
