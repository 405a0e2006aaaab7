/** The ECR repository of the image. Its tags are never used twice, and ECR scans what is pushed. */
import { unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import { tagsOf } from '../mark.js';
import type { Step } from '../step.js';

/** `team/linear-regression` and `1.0.0` of an image's name. */
export function repositoryOf(image: string): { readonly repositoryName: string; readonly imageTag: string } {
  const at = image.lastIndexOf(':');
  return { repositoryName: image.slice(image.indexOf('/') + 1, at), imageTag: image.slice(at + 1) };
}

export function repositoryStep(context: PublishContext): Step {
  const { ecr } = context.clients;
  const { repositoryName } = repositoryOf(context.source.seller.image);
  return {
    name: 'repository',
    makes: [`ECR repository ${repositoryName}, which is scanned at each push and whose tags stay`],
    hours: [0, 0.1],
    async isDone() {
      const found = await unlessMissing(ecr.describeRepositories({ repositoryNames: [repositoryName] }));
      return found
        ? { isDone: true, text: `repository ${repositoryName} is there` }
        : { isDone: false, text: `there is no repository ${repositoryName}` };
    },
    async do() {
      await ecr.createRepository({
        repositoryName,
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        tags: tagsOf(context.mark),
      });
      return `made repository ${repositoryName}`;
    },
  };
}
