/** The bucket of sample data, model and outputs. One that is there already is used, whoever made it. */

import { ArgumentError } from '@algo/local';
import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { unlessMissing } from '../aws-error.js';
import { DEFAULT_REGION } from '../clients.js';
import type { PublishContext } from '../context.js';
import { tagsOf } from '../mark.js';
import type { Look, Step } from '../step.js';

export function bucketStep(context: PublishContext): Step {
  const { s3 } = context.clients;
  const { bucket: Bucket, region } = context.source.seller;
  return {
    name: 'bucket',
    makes: [`bucket ${Bucket} in ${region}`],
    hours: [0, 0.1],
    async isDone(): Promise<Look> {
      const found = await unlessMissing(s3.headBucket({ Bucket }));
      if (!found) return { isDone: false, text: `there is no bucket ${Bucket}` };
      const place = found.BucketRegion ?? region;
      if (place !== region) throw new ArgumentError(`--bucket must be in ${region}; ${Bucket} is in ${place}.`);
      return { isDone: true, text: `bucket ${Bucket} is there` };
    },
    async do() {
      await s3.createBucket({
        Bucket,
        CreateBucketConfiguration: {
          ...(region !== DEFAULT_REGION && { LocationConstraint: region as BucketLocationConstraint }), // S3 refuses to be given us-east-1
          Tags: tagsOf(context.mark),
        },
      });
      return `made bucket ${Bucket}`;
    },
  };
}
