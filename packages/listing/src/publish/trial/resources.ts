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
  const { sagemaker, logs } = context.clients;
  const { Endpoints = [] } = await sagemaker.listEndpoints(page(context));
  for (const { EndpointName, EndpointArn } of Endpoints) {
    if (!(await isOurs(context, EndpointArn))) continue;
    await untilAccepted(() => sagemaker.deleteEndpoint({ EndpointName }));
    while (await unlessMissing(sagemaker.describeEndpoint({ EndpointName }))) await look(context);
    await unlessMissing(logs.deleteLogGroup({ logGroupName: `/aws/sagemaker/Endpoints/${EndpointName}` }));
  }
  const { EndpointConfigs = [] } = await sagemaker.listEndpointConfigs(page(context));
  for (const { EndpointConfigName, EndpointConfigArn } of EndpointConfigs) {
    if (await isOurs(context, EndpointConfigArn)) await sagemaker.deleteEndpointConfig({ EndpointConfigName });
  }
}

/** Those that have ended stay; only their logs go. */
async function removeTransformJobs(context: PublishContext): Promise<void> {
  const { sagemaker } = context.clients;
  const find = { ...page(context), StatusEquals: 'InProgress' } as const;
  const { TransformJobSummaries = [] } = await sagemaker.listTransformJobs(find);
  for (const { TransformJobName, TransformJobArn } of TransformJobSummaries) {
    if (!(await isOurs(context, TransformJobArn))) continue;
    await ignoreEnded(sagemaker.stopTransformJob({ TransformJobName }));
    for (;;) {
      const { TransformJobStatus: status } = await sagemaker.describeTransformJob({ TransformJobName });
      if (status !== 'InProgress' && status !== 'Stopping') break;
      await look(context);
    }
  }
  await removeStreams(context, 'transform-job', '/aws/sagemaker/TransformJobs');
}

async function removeModels(context: PublishContext): Promise<void> {
  const { sagemaker } = context.clients;
  const { Models = [] } = await sagemaker.listModels(page(context));
  for (const { ModelName, ModelArn } of Models) {
    if (await isOurs(context, ModelArn)) await sagemaker.deleteModel({ ModelName });
  }
}

async function removeTrainingJobs(context: PublishContext): Promise<void> {
  const { sagemaker } = context.clients;
  const { TrainingJobSummaries = [] } = await sagemaker.listTrainingJobs(page(context));
  for (const { TrainingJobName, TrainingJobArn, TrainingJobStatus } of TrainingJobSummaries) {
    if (!(await isOurs(context, TrainingJobArn))) continue;
    if (TrainingJobStatus === 'InProgress') await ignoreEnded(sagemaker.stopTrainingJob({ TrainingJobName }));
    for (;;) {
      const { TrainingJobStatus: status } = await sagemaker.describeTrainingJob({ TrainingJobName });
      if (status !== 'InProgress' && status !== 'Stopping') break;
      await look(context);
    }
  }
  await removeStreams(context, 'training-job', '/aws/sagemaker/TrainingJobs'); // while their jobs say whose they are
  for (const { TrainingJobName, TrainingJobArn } of TrainingJobSummaries) {
    if (await isOurs(context, TrainingJobArn)) await sagemaker.deleteTrainingJob({ TrainingJobName });
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

/** The log streams `JOB/…` of the jobs of trials, in a group that all jobs share. */
async function removeStreams(context: PublishContext, kind: string, logGroupName: string): Promise<void> {
  const { clients, source } = context;
  const { region, account } = source.seller;
  const find = { logGroupName, logStreamNamePrefix: prefixOf(context) };
  const found = await unlessMissing(clients.logs.describeLogStreams(find));
  for (const { logStreamName = '' } of found?.logStreams ?? []) {
    const job = logStreamName.slice(0, logStreamName.indexOf('/'));
    if (!(await isOurs(context, `arn:aws:sagemaker:${region}:${account}:${kind}/${job}`))) continue;
    await unlessMissing(clients.logs.deleteLogStream({ logGroupName, logStreamName }));
  }
}

/** All of a trial is on one page: an earlier one that was killed is removed before the next begins. */
function page(context: PublishContext) {
  return { NameContains: prefixOf(context), MaxResults: 100 };
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
