/**
 * The jobs that validate an algorithm or a model package, as AWS runs them: a training job, a model of its artifacts, a batch
 * transform. They are jobs like any other, with names of their own, and are kept with their output.
 */

import { failureOf } from '../../jobs/failure.js';
import type { JobKind } from '../../jobs/scheduler.js';
import { keyOf, type WorkUnit } from '../../store/work-list.js';
import type { AlgorithmBody } from '../algorithms/shapes.js';
import { MODEL, type ModelBody } from '../models/operations.js';
import type { ContainerDefinition } from '../models/shapes.js';
import { createRecord, now, type SageMaker, validationError } from '../resources/context.js';
import { insertTrainingJob } from '../training-jobs/new-job.js';
import { checkTrainingJob } from '../training-jobs/rules.js';
import { trainingJobKind } from '../training-jobs/run.js';
import type { TrainingJobBody, TrainingJobMembers } from '../training-jobs/shapes.js';
import { TRAINING_JOB } from '../training-jobs/state.js';
import { insertTransformJob } from '../transform-jobs/new-job.js';
import { checkTransformJob } from '../transform-jobs/operations.js';
import { TRANSFORM_JOB, transformJobKind } from '../transform-jobs/run.js';
import type { TransformJobBody, TransformJobMembers } from '../transform-jobs/shapes.js';

export interface ValidationPlan {
  /** Before the names of its jobs. */
  readonly prefix: string;
  readonly role: string;
  /** Of an algorithm. */
  readonly training?: { readonly algorithm: AlgorithmBody; readonly job: Omit<TrainingJobMembers, 'TrainingJobName'> };
  /** Left out where the profile has none: then only the training is validated. */
  readonly transform?: Omit<TransformJobMembers, 'TransformJobName' | 'ModelName'> | undefined;
  /** @param artifacts of the training job */
  containers(artifacts: string | undefined): readonly ContainerDefinition[];
}

/** In these, times of `now` are integers, no two of them equal: from 2004 to 2038 a double has seconds in steps of 2^-22. */
const TIME_UNITS = 2 ** 22;

/** `validation-NAME-TIME`: no longer than lets a job's name follow, and not that of another validation. */
export function planPrefix(name: string, created: number): string {
  const start = name.slice(0, 29).replace(/-+$/, '');
  return `validation-${start}-${(created * TIME_UNITS).toString(36)}`;
}

/** @returns why the validation failed; undefined when all jobs are Completed */
export async function runPlan(
  sageMaker: SageMaker,
  plan: ValidationPlan,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const artifacts = plan.training && (await train(sageMaker, plan, plan.training, signal));
    if (plan.transform) await transform(sageMaker, plan, plan.transform, artifacts, signal);
    return undefined;
  } catch (error) {
    return failureOf(error);
  } finally {
    sageMaker.store.records.remove(MODEL, modelName(plan.prefix));
  }
}

/** Records the end of jobs that did not get to it. In a transaction of the caller's. */
export function abandonPlan(sageMaker: SageMaker, prefix: string, cause: string): void {
  trainingJobKind(sageMaker).abandon(trainingName(prefix), cause);
  transformJobKind(sageMaker).abandon(transformName(prefix), cause);
  sageMaker.store.records.remove(MODEL, modelName(prefix));
}

// --- internal ---

const trainingName = (prefix: string) => `${prefix}-training`;
const transformName = (prefix: string) => `${prefix}-transform`;
const modelName = (prefix: string) => `${prefix}-model`;

/** The URL of the model. */
async function train(
  sageMaker: SageMaker,
  { prefix }: ValidationPlan,
  { algorithm, job }: NonNullable<ValidationPlan['training']>,
  signal: AbortSignal,
): Promise<string> {
  const name = trainingName(prefix);
  const checked = await checkTrainingJob(sageMaker, { ...job, TrainingJobName: name }, algorithm);
  sageMaker.store.transaction(() => insertTrainingJob(sageMaker, checked));
  await runHere(sageMaker, trainingJobKind(sageMaker), { kind: TRAINING_JOB, name }, signal);
  const { body } = sageMaker.store.records.find<TrainingJobBody>(TRAINING_JOB, name)!;
  if (body.TrainingJobStatus === 'Completed') return body.ModelArtifacts.S3ModelArtifacts;
  throw validationError(
    `The training job ${name} is ${body.TrainingJobStatus}: ${body.FailureReason ?? 'it was stopped'}`,
  );
}

async function transform(
  sageMaker: SageMaker,
  plan: ValidationPlan,
  definition: NonNullable<ValidationPlan['transform']>,
  artifacts: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { store } = sageMaker;
  const [name, ModelName] = [transformName(plan.prefix), modelName(plan.prefix)];
  store.transaction(() => insertModel(sageMaker, plan, ModelName, plan.containers(artifacts)));
  const job = { ...definition, TransformJobName: name, ModelName };
  await checkTransformJob(sageMaker, job);
  store.transaction(() => insertTransformJob(sageMaker, job));
  await runHere(sageMaker, transformJobKind(sageMaker), { kind: TRANSFORM_JOB, name }, signal);
  const { body } = store.records.find<TransformJobBody>(TRANSFORM_JOB, name)!;
  if (body.TransformJobStatus === 'Completed') return;
  throw validationError(
    `The transform job ${name} is ${body.TransformJobStatus}: ${body.FailureReason ?? 'it was stopped'}`,
  );
}

function insertModel(
  sageMaker: SageMaker,
  { role }: ValidationPlan,
  name: string,
  Containers: readonly ContainerDefinition[],
): void {
  const created = now();
  const body: Omit<ModelBody, 'ModelArn'> = {
    ...{ ModelName: name, Containers, ExecutionRoleArn: role },
    ...{ EnableNetworkIsolation: true, CreationTime: created },
  };
  createRecord(sageMaker, { kind: MODEL, name, created, body }, (arn) => validationError(`Model ${arn} exists.`));
}

/** Within the place that the validation has among the jobs that run. */
async function runHere(
  { store, parts, marks }: SageMaker,
  job: JobKind,
  unit: WorkUnit,
  signal: AbortSignal,
): Promise<void> {
  const own = new AbortController();
  parts.set(keyOf(unit), own);
  try {
    const recordEnd = await job.run(unit.name, AbortSignal.any([signal, own.signal]));
    store.transaction(recordEnd);
    marks.remove(unit);
  } finally {
    parts.delete(keyOf(unit));
  }
}
