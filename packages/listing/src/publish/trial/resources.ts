/**
 * What trials have made in the account, and how it is removed again. Every resource has the marks of publishing and a name of
 * trials, so that the next run finds what a killed one has left.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@algo/local';
import { isMissing, unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import type { Found } from '../found.js';
import { isOfVersion } from '../mark.js';
import { trialPrefix } from './names.js';
import { findTrialObjects } from './objects.js';

/**
 * Jobs that run, endpoints, models, logs of trials of this version, in the order in which they are removed. Transform jobs that
 * have ended stay in the list of jobs, as the service has no operation that removes them.
 * @param isWanted by the name of the trial
 */
export async function findTrials(
  context: PublishContext,
  isWanted: (name: string) => boolean = () => true,
): Promise<readonly Found[]> {
  const prefix = trialPrefix(context);
  const isOfTrial = (name = '') => name.startsWith(prefix) && isWanted(name.replace(/-more-\d+$/, ''));
  return [
    ...(await findEndpoints(context, isOfTrial)),
    ...(await findTransformJobs(context, isOfTrial)),
    ...(await findModels(context, isOfTrial)),
    ...(await findTrainingJobs(context, isOfTrial)),
  ];
}

/** @param isWanted by the name of the trial */
export async function removeTrials(context: PublishContext, isWanted: (name: string) => boolean): Promise<void> {
  for (const { remove } of await findTrials(context, isWanted)) await remove?.();
  for (const { remove } of await findTrialObjects(context, isWanted)) await remove?.(); // jobs write until they have ended
}

// --- internal ---

type Filter = (name: string | undefined) => boolean;

async function findEndpoints(context: PublishContext, isWanted: Filter): Promise<readonly Found[]> {
  const { sagemaker, logs } = context.clients;
  const found: Found[] = [];
  const { Endpoints = [] } = await sagemaker.listEndpoints(page(context));
  for (const { EndpointName, EndpointArn } of Endpoints) {
    if (!isWanted(EndpointName) || !(await isOurs(context, EndpointArn))) continue;
    found.push({
      what: `endpoint ${EndpointName}`,
      async remove() {
        await untilAccepted(() => sagemaker.deleteEndpoint({ EndpointName }));
        while (await unlessMissing(sagemaker.describeEndpoint({ EndpointName }))) await look(context);
        await unlessMissing(logs.deleteLogGroup({ logGroupName: `/aws/sagemaker/Endpoints/${EndpointName}` }));
      },
    });
  }
  const { EndpointConfigs = [] } = await sagemaker.listEndpointConfigs(page(context));
  for (const { EndpointConfigName, EndpointConfigArn } of EndpointConfigs) {
    if (!isWanted(EndpointConfigName) || !(await isOurs(context, EndpointConfigArn))) continue;
    found.push({
      what: `endpoint configuration ${EndpointConfigName}`,
      remove: () => unlessMissing(sagemaker.deleteEndpointConfig({ EndpointConfigName })),
    });
  }
  return found;
}

/** Those that run are stopped; of those that have ended, only the logs go. */
async function findTransformJobs(context: PublishContext, isWanted: Filter): Promise<readonly Found[]> {
  const { sagemaker } = context.clients;
  const group = '/aws/sagemaker/TransformJobs';
  const found: Found[] = [];
  const find = { ...page(context), StatusEquals: 'InProgress' } as const;
  const { TransformJobSummaries = [] } = await sagemaker.listTransformJobs(find);
  for (const { TransformJobName, TransformJobArn } of TransformJobSummaries) {
    if (!isWanted(TransformJobName) || !(await isOurs(context, TransformJobArn))) continue;
    found.push({
      what: `transform job ${TransformJobName}`,
      async remove() {
        await ignoreEnded(sagemaker.stopTransformJob({ TransformJobName }));
        await untilEnded(
          context,
          async () => (await sagemaker.describeTransformJob({ TransformJobName })).TransformJobStatus,
        );
        await removeStreams(context, group, `${TransformJobName}/`);
      },
    });
  }
  const running = new Set(TransformJobSummaries.map(({ TransformJobName }) => TransformJobName));
  const { region, account } = context.source.seller;
  for (const job of new Set((await streamsOf(context, group, trialPrefix(context))).map((one) => one.split('/')[0]!))) {
    const arn = `arn:aws:sagemaker:${region}:${account}:transform-job/${job}`;
    if (running.has(job) || !isWanted(job) || !(await isOurs(context, arn))) continue;
    found.push({
      what: `log of transform job ${job}`,
      remove: () => removeStreams(context, group, `${job}/`),
    });
  }
  return found;
}

async function findModels(context: PublishContext, isWanted: Filter): Promise<readonly Found[]> {
  const { sagemaker } = context.clients;
  const found: Found[] = [];
  const { Models = [] } = await sagemaker.listModels(page(context));
  for (const { ModelName, ModelArn } of Models) {
    if (!isWanted(ModelName) || !(await isOurs(context, ModelArn))) continue;
    found.push({ what: `model ${ModelName}`, remove: () => unlessMissing(sagemaker.deleteModel({ ModelName })) });
  }
  return found;
}

async function findTrainingJobs(context: PublishContext, isWanted: Filter): Promise<readonly Found[]> {
  const { sagemaker } = context.clients;
  const found: Found[] = [];
  const { TrainingJobSummaries = [] } = await sagemaker.listTrainingJobs(page(context));
  for (const { TrainingJobName, TrainingJobArn, TrainingJobStatus } of TrainingJobSummaries) {
    if (!isWanted(TrainingJobName) || !(await isOurs(context, TrainingJobArn))) continue;
    found.push({
      what: `training job ${TrainingJobName}`,
      async remove() {
        if (TrainingJobStatus === 'InProgress') await ignoreEnded(sagemaker.stopTrainingJob({ TrainingJobName }));
        await untilEnded(
          context,
          async () => (await unlessMissing(sagemaker.describeTrainingJob({ TrainingJobName })))?.TrainingJobStatus,
        );
        await removeStreams(context, '/aws/sagemaker/TrainingJobs', `${TrainingJobName}/`); // while the job says whose they are
        await unlessMissing(sagemaker.deleteTrainingJob({ TrainingJobName }));
      },
    });
  }
  return found;
}

async function untilEnded(context: PublishContext, statusOf: () => Promise<string | undefined>): Promise<void> {
  for (;;) {
    const status = await statusOf();
    if (status !== 'InProgress' && status !== 'Stopping') return;
    await look(context);
  }
}

/** Of the streams `JOB/…` in a group that all jobs share. */
async function streamsOf(
  { clients }: PublishContext,
  logGroupName: string,
  logStreamNamePrefix: string,
): Promise<readonly string[]> {
  const found = await unlessMissing(clients.logs.describeLogStreams({ logGroupName, logStreamNamePrefix }));
  return (found?.logStreams ?? []).map(({ logStreamName = '' }) => logStreamName);
}

async function removeStreams(context: PublishContext, logGroupName: string, prefix: string): Promise<void> {
  for (const logStreamName of await streamsOf(context, logGroupName, prefix)) {
    await unlessMissing(context.clients.logs.deleteLogStream({ logGroupName, logStreamName }));
  }
}

/**
 * All of a trial is on one page: an earlier one that was killed is removed before the next begins. The service finds the prefix
 * anywhere in a name.
 */
function page(context: PublishContext) {
  return { NameContains: trialPrefix(context), MaxResults: 100 };
}

/** Of this version: others with a long name have the same prefix. */
async function isOurs({ clients, mark }: PublishContext, ResourceArn: string | undefined): Promise<boolean> {
  if (ResourceArn === undefined) return false;
  const found = await unlessMissing(clients.sagemaker.listTags({ ResourceArn }));
  return isOfVersion(found?.Tags, mark);
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
