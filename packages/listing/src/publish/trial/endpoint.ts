/** The endpoint of a trial: started, asked with each sample, and measured. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkStoredOutputs, JobError, messageOf, type OutputPair } from '@algo/local';
import type { ProductionVariant } from '@aws-sdk/client-sagemaker';
import { inferenceAmiVersion } from '../../product/gpu-hosts.js';
import type { PublishContext } from '../context.js';
import { tagsOf } from '../mark.js';
import type { TrialNames } from './names.js';

export interface Latency {
  /** Of requests one after the other, from here to the endpoint and back. */
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  /** With as many requests under way as `concurrency`. */
  readonly requestsPerSecond: number;
  readonly concurrency: number;
  readonly requests: number;
}

/** Of each kind of measurement. */
const REQUESTS = 100;
const CONCURRENCY = 8;

export async function startEndpoint(context: PublishContext, { name }: TrialNames): Promise<number> {
  const { clients, source, mark } = context;
  const InstanceType = source.product.recommended.realTime;
  const ami = inferenceAmiVersion(InstanceType, source.product);
  const variant = {
    ...{ VariantName: 'all', ModelName: name, InstanceType, InitialInstanceCount: 1 },
    ...(ami !== undefined && { InferenceAmiVersion: ami }),
  } as ProductionVariant;
  const Tags = tagsOf(mark);
  await clients.sagemaker.createEndpointConfig({ EndpointConfigName: name, ProductionVariants: [variant], Tags });
  await clients.sagemaker.createEndpoint({ EndpointName: name, EndpointConfigName: name, Tags });
  for (;;) {
    const { EndpointStatus, FailureReason, CreationTime, LastModifiedTime } = await clients.sagemaker.describeEndpoint({
      EndpointName: name,
    });
    context.progress(`endpoint: ${EndpointStatus}`);
    if (EndpointStatus === 'InService')
      return ((LastModifiedTime?.getTime() ?? 0) - (CreationTime?.getTime() ?? 0)) / 1000;
    if (EndpointStatus !== 'Creating')
      throw new JobError(`the endpoint is ${EndpointStatus}: ${FailureReason ?? 'no reason given'}`);
    await context.pause();
  }
}

/** @throws JobError for the first answer that is not the stored one */
export async function invokeSamples(context: PublishContext, { name }: TrialNames): Promise<string> {
  const { source, request } = context;
  const pairs: OutputPair[] = [];
  for (const { input, contentType, accept, expectedOutput } of source.profile.realTime) {
    if (request.stop?.aborted) throw new JobError('stopped');
    const answer = await invoke(context, name, { input, contentType, accept });
    const received = join(request.directory, 'trial', 'real-time', `${input}.out`);
    mkdirSync(dirname(received), { recursive: true });
    writeFileSync(received, answer);
    pairs.push({ name: expectedOutput, received, contentType: accept });
  }
  return checkStoredOutputs(request.sampleData, pairs, [], source.profile.relativeTolerance);
}

/** Of the first sample: one request after the other, then several at the same time. */
export async function measure(context: PublishContext, { name }: TrialNames): Promise<Latency> {
  const sample = context.source.profile.realTime[0]!;
  const requests = context.request.measuredRequests ?? REQUESTS;
  const times: number[] = [];
  for (let i = 0; i < requests; i++) {
    if (context.request.stop?.aborted) throw new JobError('stopped');
    const began = performance.now();
    await invoke(context, name, sample);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  let left = requests;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) await invoke(context, name, sample);
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const quantile = (q: number) => round(times[Math.ceil(q * requests) - 1]!);
  return {
    ...{ p50Ms: quantile(0.5), p90Ms: quantile(0.9), p99Ms: quantile(0.99) },
    ...{ requestsPerSecond: round(requests / seconds), concurrency: CONCURRENCY, requests },
  };
}

// --- internal ---

interface Sample {
  readonly input: string;
  readonly contentType: string;
  readonly accept: string;
}

async function invoke({ clients, request }: PublishContext, EndpointName: string, sample: Sample): Promise<Uint8Array> {
  const { input, contentType: ContentType, accept: Accept } = sample;
  try {
    const Body = readFileSync(join(request.sampleData, input));
    const answer = await clients.runtime.invokeEndpoint({ EndpointName, ContentType, Accept, Body });
    return answer.Body;
  } catch (error) {
    throw new JobError(`${input}: ${messageOf(error)}`, { cause: error });
  }
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
