/** AWS's scan and validation of the resource, followed to their end. */
import { JobError } from '@algo/local';
import { consoleUrl, type PublishContext } from '../context.js';
import type { Described } from '../resource-kind.js';
import { findResources } from '../resources.js';
import type { InstanceHours, Look, Step } from '../step.js';
import { FULL_SYSTEM_ADVICE, UNSUPPORTED_IMAGE } from './image-scan.js';

const SECONDS_PER_HOUR = 3600;

export function followStep(context: PublishContext): Step {
  const work = context.source.profile.trainingJob
    ? 'train on the sample data and transform it'
    : 'transform the sample data';
  return {
    name: 'validation',
    makes: [`jobs of AWS that scan the image and ${work}, with their outputs in the bucket`],
    hours: undefined,
    instances: jobsOf(context),
    async isDone(): Promise<Look> {
      const { current } = await findResources(context);
      if (!current) return { isDone: false, text: 'there is no resource yet' };
      return { isDone: current.status === 'Completed', text: `${current.name} is ${statusText(current)}` };
    },
    async do() {
      const { kind, current, own } = await findResources(context);
      const last = own.at(-1);
      const name = (current ?? (last?.status === 'Failed' ? last : undefined))?.name;
      if (name === undefined) {
        const other = last ? ` of this request, image and sample data: ${last.name} is of others` : '';
        throw new JobError(`there is no resource to follow${other}; run the steps before this one`);
      }
      for (let said = ''; ; ) {
        const described = await kind.describe(name);
        if (!described) throw new JobError(`${name} is gone; somebody deleted it while it was validated`);
        const text = `${name}: ${statusText(described)}`;
        if (text !== said) context.say(text);
        said = text;
        context.progress(text);
        if (described.status === 'Completed') return `${name} is Completed`;
        if (described.status === 'Failed') throw failure(context, kind.page, described);
        await context.pause();
      }
    },
  };
}

// --- internal ---

/** What AWS runs in the account: the jobs of the validation profile, each to its time limit. */
function jobsOf({ source }: PublishContext): readonly InstanceHours[] {
  const { profile, product } = source;
  const { trainingJob } = profile;
  const training = product.recommended.training ?? product.recommended.batch;
  return [
    ...(trainingJob
      ? [{ use: 'training' as const, type: training, hours: trainingJob.maxRuntimeInSeconds / SECONDS_PER_HOUR }]
      : []),
    { use: 'batch', type: product.recommended.batch, hours: 1 },
  ];
}

function statusText({ status, parts }: Described): string {
  const unfinished = parts.filter((part) => part.status !== 'Completed');
  const told = (unfinished.length > 0 ? unfinished : parts).map((part) => `${part.name} ${part.status}`);
  return told.length === 0 ? status : `${status} (${told.join(', ')})`;
}

function failure(context: PublishContext, page: string, { name, parts }: Described): JobError {
  const reasons = parts
    .filter(({ status }) => status === 'Failed')
    .map((part) => `  ${part.name}: ${part.reason ?? 'no reason given'}`);
  const isUnsupported = reasons.some((reason) => UNSUPPORTED_IMAGE.test(reason));
  return new JobError(
    [
      `${name} is Failed`,
      ...reasons,
      ...(isUnsupported ? [FULL_SYSTEM_ADVICE] : []),
      `See ${consoleUrl(context, `${page}/${name}`)}`,
      'It stays as it is. When the cause is mended, the next run makes one with the next number.',
    ].join('\n'),
  );
}
