/**
 * Step "test": the product's notebooks, run as a buyer's against the ARN that a subscription gave. No service lists these ARNs, so
 * a person subscribes on the product's page and passes it.
 */
import { ArgumentError } from '@algo/local';
import type { PublishContext } from '../context.js';
import type { InstanceHours, Look, Step } from '../step.js';
import { recordTest } from './tested.js';

export interface ListingTest {
  /** Of the subscribed product. */
  readonly arn: string | undefined;
  readonly notebooks: readonly string[];
  /** Runs a notebook to its end. @throws JobError where a cell fails or prints something else than its sample */
  run(notebook: string, arn: string): Promise<void>;
}

export function testStep(context: PublishContext, { arn, notebooks, run }: ListingTest): Step {
  return {
    name: 'test',
    makes: notebooks.map((notebook) => `what ${notebook} makes: jobs, endpoints and data, which its last cells delete`),
    hours: [0.5, 4],
    instances: jobsOf(context),
    async isDone(): Promise<Look> {
      const where = arn === undefined ? '--arn gives the subscribed product' : `they are run with ${arn}`;
      return { isDone: false, text: `${notebooks.length} notebook${notebooks.length === 1 ? '' : 's'}; ${where}` };
    },
    async do() {
      const subscribed = checkArn(context, arn);
      if (notebooks.length === 0) throw new ArgumentError('There are no notebooks: algo notebook new makes them.');
      for (const notebook of notebooks) await run(notebook, subscribed);
      recordTest(context, subscribed);
      return `${notebooks.length} notebook${notebooks.length === 1 ? '' : 's'} ran to the end, with the outputs of the samples`;
    },
  };
}

// --- internal ---

/** Four small jobs of tuning. */
const TRAINING_JOBS = 5;
const SECONDS_PER_HOUR = 3600;

/** What the notebooks run on, each to its time limit. */
function jobsOf({ source }: PublishContext): readonly InstanceHours[] {
  const { profile, product } = source;
  const { trainingJob } = profile;
  const { training = product.recommended.batch, realTime, batch } = product.recommended;
  const hours = (TRAINING_JOBS * (trainingJob?.maxRuntimeInSeconds ?? 0)) / SECONDS_PER_HOUR;
  return [
    ...(trainingJob ? [{ use: 'training' as const, type: training, hours }] : []),
    { use: 'realTime', type: realTime, hours: 1 },
    { use: 'batch', type: batch, hours: 1 },
  ];
}

/** @throws ArgumentError for one that is not of a product of AWS Marketplace's */
function checkArn({ source }: PublishContext, arn: string | undefined): string {
  const kind = source.definition.TrainingSpecification ? 'algorithm' : 'model-package';
  const form = `arn:aws:sagemaker:${source.seller.region}:ACCOUNT:${kind}/NAME`;
  const where = 'It is on the product page of the subscription, or in SageMaker under AWS Marketplace resources.';
  if (arn === undefined) throw new ArgumentError(`--arn is required: the ARN that the subscription gave. ${where}`);
  const [, , , region, account, path = ''] = arn.split(':');
  const isForm = /^arn:aws:sagemaker:[a-z0-9-]+:\d{12}:[a-z-]+\/\S+$/.test(arn) && path.startsWith(`${kind}/`);
  if (!isForm || region !== source.seller.region) {
    throw new ArgumentError(`--arn must be ${form}; received "${arn}".`);
  }
  if (account === source.seller.account) {
    throw new ArgumentError(`--arn must be that of a subscription, not that of your own ${kind}: "${arn}". ${where}`);
  }
  return arn;
}
