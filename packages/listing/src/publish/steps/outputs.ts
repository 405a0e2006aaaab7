/** The outputs of AWS's own validation, fetched and compared with the stored samples: what buyers are shown must be what they get. */
import { join } from 'node:path';
import { JobError, messageOf } from '@algo/local';
import type { PublishContext } from '../context.js';
import { findResources } from '../resources.js';
import type { Look, Step } from '../step.js';
import { compareTransform } from '../transform-outputs.js';

export function outputsStep(context: PublishContext): Step {
  const compare = (since: Date) =>
    compareTransform(context, {
      uri: `${context.source.seller.storage}/validation/transform`,
      since,
      directory: join(context.request.directory, 'validation-outputs'),
    });
  return {
    name: 'outputs',
    makes: [],
    hours: [0, 0.1],
    async isDone(): Promise<Look> {
      const { current } = await findResources(context);
      if (current?.status !== 'Completed') return { isDone: false, text: 'there is no validation yet' };
      try {
        return { isDone: true, text: await compare(current.created) };
      } catch (error) {
        if (error instanceof JobError) return { isDone: false, text: messageOf(error) };
        throw error;
      }
    },
    async do() {
      const { current } = await findResources(context);
      if (!current) throw new JobError('there is no resource; run the steps before this one');
      return compare(current.created);
    },
  };
}
