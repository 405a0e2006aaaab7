/**
 * What AWS's validation has written into the bucket, without marks. It is known by the resource that was validated: a training job's
 * output by its job, a transform's by the input of that name; neither is older than the resource.
 */
import { unlessMissing } from './aws-error.js';
import { keyOfUri, objectsOf, removable } from './bucket-objects.js';
import type { PublishContext } from './context.js';
import type { Found } from './found.js';
import type { Described } from './resource-kind.js';

/** @param resources that publishing made of this version */
export async function findValidationOutputs(
  context: PublishContext,
  resources: readonly Described[],
): Promise<readonly Found[]> {
  const keys = new Set<string>();
  for (const resource of resources) {
    for (const key of await trainingOutputs(context, resource)) keys.add(key);
    for (const key of await transformOutputs(context, resource)) keys.add(key);
  }
  return [...keys].map((key) => removable(context, key));
}

// --- internal ---

async function trainingOutputs(context: PublishContext, resource: Described): Promise<readonly string[]> {
  const { trainingOutput } = resource.validation;
  const { sagemaker } = context.clients;
  const jobs = new Map<string, boolean>();
  const found: string[] = [];
  for (const { key, path } of await objectsSince(context, trainingOutput, resource.created)) {
    const job = path.split('/')[0]!;
    if (!jobs.has(job)) {
      const described = await unlessMissing(sagemaker.describeTrainingJob({ TrainingJobName: job }));
      const { OutputDataConfig, AlgorithmSpecification } = described ?? {};
      const isOfResource = [resource.arn, resource.name].includes(AlgorithmSpecification?.AlgorithmName ?? '');
      jobs.set(job, isOfResource && OutputDataConfig?.S3OutputPath === trainingOutput);
    }
    if (jobs.get(job) === true) found.push(key);
  }
  return found;
}

async function transformOutputs(context: PublishContext, resource: Described): Promise<readonly string[]> {
  const { transformInput, transformOutput } = resource.validation;
  const input = transformInput === undefined ? undefined : keyOfUri(context, transformInput);
  if (input === undefined) return [];
  const folder = input.slice(0, input.lastIndexOf('/') + 1);
  const names = new Set((await objectsOf(context, input)).map(({ key }) => `${key.slice(folder.length)}.out`));
  const objects = await objectsSince(context, transformOutput, resource.created);
  return objects.filter(({ path }) => names.has(path)).map(({ key }) => key);
}

/** @returns keys, with their paths below the address */
async function objectsSince(context: PublishContext, uri: string | undefined, since: Date) {
  const key = uri === undefined ? undefined : keyOfUri(context, uri);
  if (key === undefined) return [];
  const folder = `${key.replace(/\/+$/, '')}/`;
  const from = Math.floor(since.getTime() / 1000) * 1000; // S3's times are whole seconds
  const objects = await objectsOf(context, folder);
  return objects
    .filter(({ modified }) => modified.getTime() >= from)
    .map((one) => ({ key: one.key, path: one.key.slice(folder.length) }));
}
