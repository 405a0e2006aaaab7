/** The steps that make what a resource, or a trial before it, is made of. */
import { rolesOf } from '../../documents/roles.js';
import type { PublishContext } from '../context.js';
import { imagesOf } from '../images.js';
import type { Step } from '../step.js';
import { bucketStep } from './bucket.js';
import { imageStep } from './image.js';
import { imageScanStep } from './image-scan.js';
import { repositoryStep } from './repository.js';
import { roleStep } from './role.js';
import { modelStep, sampleDataStep } from './sample-data.js';

/** Those of the product, in order. */
export function preparingSteps(context: PublishContext): readonly Step[] {
  const [validation, access] = rolesOf(context.source);
  const model = modelStep(context);
  return [
    roleStep(context, 'validation role', validation!, 'SageMaker'),
    ...(context.isPrivate ? [] : [roleStep(context, 'access role', access!, 'AWS Marketplace')]),
    bucketStep(context),
    ...imagesOf(context).flatMap((image) => [
      repositoryStep(context, image),
      imageStep(context, image),
      imageScanStep(context, image),
    ]),
    sampleDataStep(context),
    ...(model ? [model] : []),
  ];
}
