/** The algorithm or model package. One that failed stays as it is; the next gets the next number. */
import { checkRequest } from '@algo/api/requests';
import type { PublishContext } from '../context.js';
import { tagsOf } from '../mark.js';
import { baseName, findResources, REQUEST_TAG, resourceRequest } from '../resources.js';
import { whenRoleIsKnown } from '../role-wait.js';
import type { Look, Step } from '../step.js';

export function resourceStep(context: PublishContext): Step {
  const { definition } = context.source;
  const noun = definition.TrainingSpecification ? 'algorithm' : 'model package';
  const certified = context.isPrivate ? 'for this account only' : 'certified for AWS Marketplace';
  return {
    name: noun,
    makes: [`${noun} ${baseName(context)}, ${certified}, or the next free number after it`],
    hours: [0, 0.1],
    async isDone(): Promise<Look> {
      const { current, own, nextName } = await findResources(context);
      if (current) return { isDone: true, text: `${noun} ${current.name} is ${current.status}` };
      const others = own.map(
        ({ name, status }) =>
          `${name} (${status === 'Failed' ? 'Failed' : 'of another request, image or sample data'})`,
      );
      const text = others.length === 0 ? `there is none` : `there is ${others.join(', ')}, which stays`;
      return { isDone: false, text: `${text}; makes ${nextName}` };
    },
    async do() {
      const { kind, nextName, digest } = await findResources(context);
      const request = resourceRequest(context, nextName);
      checkRequest(
        'sagemaker',
        kind.nameMember === 'AlgorithmName' ? 'CreateAlgorithm' : 'CreateModelPackage',
        request,
      );
      const tags = tagsOf(context.mark, { [REQUEST_TAG]: digest });
      await whenRoleIsKnown(context, () => kind.create(request, tags));
      return `made ${noun} ${nextName}`;
    },
  };
}
