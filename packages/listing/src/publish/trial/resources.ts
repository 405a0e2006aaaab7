/**
 * What a trial makes in the account, and how it is removed again. Every name begins with the same letters and every resource has
 * the marks of publishing, so that the next run finds what a killed one has left.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@algo/local';
import { isMissing, unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import { isOwn } from '../mark.js';

export interface TrialNames {
  /** Of the model, the endpoint, its configuration, the jobs: `NAME-1-0-0-trial-TOKEN`. */
  readonly name: string;
  /** Of its outputs, without a slash at the end. */
  readonly storage: string;
}

/** AWS's limit of these names. */
const NAME_CHARACTERS = 63;
const TOKEN_CHARACTERS = 8;

/** @param now decides on the token: a transform job's name is taken for ever */
export function trialNames(context: PublishContext, now: number): TrialNames {
  const token = now.toString(36).slice(-TOKEN_CHARACTERS);
  return { name: `${prefixOf(context)}${token}`, storage: `${trialStorage(context)}/${token}` };
}

/**
 * Removes what trials of this version have made: jobs that run, endpoints, models, outputs, logs. Transform jobs stay in the list
 * of jobs, as the service has no operation that removes them.
 */
export async function removeTrials(context: PublishContext): Promise<void> {
  await removeEndpoints(context);
  await removeTransformJobs(context);
  await removeModels(context);
  await removeTrainingJobs(context);
  await removeObjects(context);
}

// --- internal ---

/** Room is left for a suffix such as `-more-12`. */
const SUFFIX_CHARACTERS = 8;

function prefixOf({ source }: PublishContext): string {
  const end = '-trial-';
  const room = NAME_CHARACTERS - end.length - TOKEN_CHARACTERS - SUFFIX_CHARACTERS;
  return `${source.seller.resource.slice(0, room).replace(/-+$/, '')}${end}`;
}

function trialStorage({ source }: PublishContext): string {
  return `${source.seller.storage}/trial`;
}

async function removeEndpoints(context: PublishContext): Promise<void> {
  const { sagemaker } = context.clients;
  const NameContains = prefixOf(context);
  const { Endpoints = [] } = await sagemaker.listEndpoints({ NameContains });
  for (const { EndpointName, EndpointArn } of Endpoints) {
    if (!(await isOurs(context, EndpointArn))) continue;
    await untilAccepted(() => sagemaker.deleteEndpoint({ EndpointName }));
    while (await unlessMissing(sagemaker.describeEndpoint({ EndpointName }))) await look(context);
    await removeLogs(context, `/aws/sagemaker/Endpoints/${EndpointName}`);
  }
  const { EndpointConfigs = [] } = await sagemaker.listEndpointConfigs({ NameContains });
  for (const { EndpointConfigName, EndpointConfigArn } of EndpointConfigs) {
    if (await isOurs(context, EndpointConfigArn)) await sagemaker.deleteEndpointConfig({ EndpointConfigName });
  }
}

async function removeTransformJobs(context: PublishContext): Promise<void> {
  const { sagemaker } = context.clients;
  const { TransformJobSummaries = [] } = await sagemaker.listTransformJobs({ NameContains: prefixOf(context) });
  for (const { TransformJobName, TransformJobArn, TransformJobStatus } of TransformJobSummaries) {
    if (!(await isOurs(context, TransformJobArn))) continue;
    if (TransformJobStatus === 'InProgress') await ignoreEnded(sagemaker.stopTransformJob({ TransformJobName }));
    for (;;) {
      const { TransformJobStatus: status } = await sagemaker.describeTransformJob({ TransformJobName });
      if (status !== 'InProgress' && status !== 'Stopping') break;
      await look(context);
    }
    await removeLogs(context, '/aws/sagemaker/TransformJobs', `${TransformJobName}/`);
  }
}

async function removeModels(context: PublishContext): Promise<void> {
  const { sagemaker } = context.clients;
  const { Models = [] } = await sagemaker.listModels({ NameContains: prefixOf(context) });
  for (const { ModelName, ModelArn } of Models) {
    if (await isOurs(context, ModelArn)) await sagemaker.deleteModel({ ModelName });
  }
}

async function removeTrainingJobs(context: PublishContext): Promise<void> {
  const { sagemaker } = context.clients;
  const { TrainingJobSummaries = [] } = await sagemaker.listTrainingJobs({ NameContains: prefixOf(context) });
  for (const { TrainingJobName, TrainingJobArn, TrainingJobStatus } of TrainingJobSummaries) {
    if (!(await isOurs(context, TrainingJobArn))) continue;
    if (TrainingJobStatus === 'InProgress') await ignoreEnded(sagemaker.stopTrainingJob({ TrainingJobName }));
    for (;;) {
      const { TrainingJobStatus: status } = await sagemaker.describeTrainingJob({ TrainingJobName });
      if (status !== 'InProgress' && status !== 'Stopping') break;
      await look(context);
    }
    await sagemaker.deleteTrainingJob({ TrainingJobName });
    await removeLogs(context, '/aws/sagemaker/TrainingJobs', `${TrainingJobName}/`);
  }
}

/** Whatever is below `trial/` of the version: only trials write there. */
async function removeObjects(context: PublishContext): Promise<void> {
  const { s3 } = context.clients;
  const { bucket: Bucket } = context.source.seller;
  const Prefix = `${trialStorage(context).slice(`s3://${Bucket}/`.length)}/`;
  for (;;) {
    const { Contents = [] } = (await unlessMissing(s3.listObjectsV2({ Bucket, Prefix }))) ?? {};
    if (Contents.length === 0) return;
    for (const { Key } of Contents) await s3.deleteObject({ Bucket, Key: Key! });
  }
}

/** @param streams of a group that others use too; undefined: the group is the trial's own */
async function removeLogs(
  { clients: { logs } }: PublishContext,
  logGroupName: string,
  streams?: string,
): Promise<void> {
  if (streams === undefined) return void (await unlessMissing(logs.deleteLogGroup({ logGroupName })));
  const found = await unlessMissing(logs.describeLogStreams({ logGroupName, logStreamNamePrefix: streams }));
  for (const { logStreamName } of found?.logStreams ?? []) {
    await unlessMissing(logs.deleteLogStream({ logGroupName, logStreamName: logStreamName! }));
  }
}

async function isOurs({ clients, mark }: PublishContext, ResourceArn: string | undefined): Promise<boolean> {
  if (ResourceArn === undefined) return false;
  const found = await unlessMissing(clients.sagemaker.listTags({ ResourceArn }));
  return isOwn(found?.Tags, mark);
}

/** Also when the work was stopped: what is removed must not wait for that. */
async function look({ request }: PublishContext): Promise<void> {
  await delay(request.lookMs ?? REMOVAL_LOOK_MS);
}

const REMOVAL_LOOK_MS = 2000;

/** An endpoint cannot be deleted while it is made. */
async function untilAccepted(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      if (isMissing(error)) return;
      if (!/in-progress|Creating|Updating/i.test(messageOf(error))) throw error;
      await delay(REMOVAL_LOOK_MS);
    }
  }
}

/** A job may end before it is stopped. */
async function ignoreEnded(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!isMissing(error) && !/status|state|Completed|Failed|Stopped/i.test(messageOf(error))) throw error;
  });
}
