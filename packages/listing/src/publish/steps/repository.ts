/** The ECR repository of an image. Its tags are never used twice, and ECR scans what is pushed. */
import { unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import type { ProductImage } from '../images.js';
import { tagsOf } from '../mark.js';
import type { Step } from '../step.js';

export function repositoryStep(context: PublishContext, { prefix, repositoryName }: ProductImage): Step {
  const { ecr } = context.clients;
  return {
    name: `${prefix}repository`,
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
