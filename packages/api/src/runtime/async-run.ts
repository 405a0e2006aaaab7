/** Invocations whose answer becomes an object: work of a scheduler of its own, so that they do not wait for training jobs. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { platformText } from '../jobs/platform-names.js';
import type { JobKind } from '../jobs/scheduler.js';
import { parseS3Uri } from '../object-store.js';
import type { Hosting } from '../sagemaker/endpoints/hosting.js';
import type { SageMaker } from '../sagemaker/resources/context.js';
import { ServiceError } from '../service-error.js';
import { writeAnswer } from './answer-file.js';
import { type InputSource, withInput } from './async-input.js';
import { unanswered } from './container-call.js';
import { headersForContainer, type InvocationHeaders } from './container-headers.js';
import { openStream } from './stream-call.js';
import { withTarget } from './target.js';

export const ASYNC_INVOCATION = 'async-invocation';
/** The service's limit of asynchronous inference, 1 GB, of a request and of an answer. */
const MAX_BYTES = 1_073_741_824;

/** What is kept of a request until it has its answer. */
export interface AsyncInvocation {
  readonly endpointName: string;
  readonly headers: InvocationHeaders;
  readonly input: InputSource;
  readonly outputUri: string;
  readonly failureUri?: string | undefined;
  readonly timeoutMs: number;
}

export function asyncInvocationKind(sageMaker: SageMaker, hosting: Hosting): JobKind {
  const { store, objects } = sageMaker;
  const find = (id: string) => store.records.find<AsyncInvocation>(ASYNC_INVOCATION, id)?.body;
  const forget = (id: string) => () => void store.records.remove(ASYNC_INVOCATION, id);
  const fail = async ({ failureUri }: AsyncInvocation, message: string) => {
    const place = failureUri === undefined ? undefined : parseS3Uri(failureUri);
    if (!place) return;
    await objects.put(place.bucket, place.key, Buffer.from(platformText(sageMaker, message))).catch((error) => {
      if (!(error instanceof ServiceError)) throw error; // the bucket is gone: there is nowhere to say so
    });
  };
  return {
    async run(id, signal) {
      const invocation = find(id);
      if (!invocation) return () => undefined;
      const file = join(sageMaker.workFolder, ASYNC_INVOCATION, id);
      try {
        await hosting.settled(invocation.endpointName);
        await call(sageMaker, hosting, invocation, file);
        const { bucket, key } = parseS3Uri(invocation.outputUri)!;
        await objects.put(bucket, key, file);
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        await fail(invocation, signal.aborted ? 'The server was stopped before there was an answer.' : cause);
      } finally {
        await rm(file, { force: true });
      }
      return forget(id);
    },
    abandon(id, cause) {
      const invocation = find(id);
      if (invocation) fail(invocation, cause).catch(() => undefined); // there is nobody to ask
      forget(id)();
    },
  };
}

// --- internal ---

/** @param file gets the answer */
async function call(sageMaker: SageMaker, hosting: Hosting, invocation: AsyncInvocation, file: string): Promise<void> {
  const { endpointName: EndpointName, input, headers, timeoutMs } = invocation;
  const { account, objects } = sageMaker;
  return withTarget(sageMaker, hosting, { EndpointName }, (target) =>
    withInput(objects, input, MAX_BYTES, async (sent) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      const limits = { timeoutMs, maxAnswerBytes: MAX_BYTES, signal: deadline };
      const request = { body: sent.body, headers: { ...headersForContainer(headers), ...sent.headers }, ...limits };
      const { answer, container: name } = await openStream(account, target, request);
      await writeAnswer(answer, file, MAX_BYTES).catch((error) => {
        throw unanswered(account, { variant: target.variant, name }, deadline.aborted ? deadline.reason : error);
      });
    }),
  );
}
