/**
 * How each thing that publishing made is removed: only with its marks, and only while nothing of somebody else's is in it. A part
 * looks for what is left of it each time, so removing may be interrupted and repeated.
 */
import { JobError } from '@algo/local';
import { paginateListImages } from '@aws-sdk/client-ecr';
import { rolesOf } from '../documents/roles.js';
import { unlessMissing } from './aws-error.js';
import { hasMarks, keyOfUri, objectName, objectsOf, removable } from './bucket-objects.js';
import type { PublishContext } from './context.js';
import { FOREIGN, type Found } from './found.js';
import { imagesOf, type ProductImage } from './images.js';
import { listedVersions } from './listing/entities.js';
import { openCatalog } from './listing/listing.js';
import { isOwn } from './mark.js';
import { type Described, resourceKind } from './resource-kind.js';
import { findEveryResource } from './resources.js';
import { POLICY } from './steps/role.js';
import { findTrialObjects } from './trial/objects.js';
import { findTrials } from './trial/resources.js';
import { findValidationOutputs } from './validation-outputs.js';

/** Of a part of an account. */
export interface Removal {
  /** The step that made it. */
  readonly step: string;
  /** The resource, or what its validation and its buyers need: it stays while one of the version stays. */
  readonly isNeeded: boolean;
  /** @param gone names of what earlier parts have removed, or would in a dry run */
  find(gone: ReadonlySet<string>): Promise<readonly Found[]>;
}

/** In the order in which they are removed: outputs before the resource and the inputs that they are known by. */
export function removalsOf(context: PublishContext, resources: readonly OwnResource[]): readonly Removal[] {
  const [validation, access] = rolesOf(context.source);
  const needed = (step: string, find: Removal['find']): Removal => ({ step, isNeeded: true, find });
  return [
    { step: 'trial', isNeeded: false, find: () => findTrials(context) },
    { step: 'trial', isNeeded: false, find: () => findTrialObjects(context) }, // jobs write until they have ended
    needed('outputs', () => findValidationOutputs(context, resources)),
    { step: 'algorithm', isNeeded: false, find: async () => resources },
    needed('sample data', (gone) => findObjects(context, gone)),
    ...imagesOf(context).flatMap((image) => [
      needed(`${image.prefix}image`, () => findImage(context, image)),
      needed(`${image.prefix}repository`, (gone) => findRepository(context, image, gone)),
    ]),
    needed('bucket', (gone) => findBucket(context, gone)),
    needed('access role', (gone) => findRole(context, access!.name, gone)),
    needed('validation role', (gone) => findRole(context, validation!.name, gone)),
  ];
}

export type OwnResource = Described & Found;

/**
 * Those of this version that publishing made, with why they stay.
 * @param isCatalogAsked whether they are listed on AWS Marketplace
 */
export async function findOwnResources(
  context: PublishContext,
  isCatalogAsked: boolean,
): Promise<readonly OwnResource[]> {
  const kind = resourceKind(context);
  const found = (await findEveryResource(context)).filter(({ isOfVersion }) => isOfVersion);
  const isListable = found.some(({ isCertified, status }) => isCertified && status === 'Completed');
  const listed = isCatalogAsked && isListable ? await listedVersions(openCatalog(context)) : undefined;
  return found.map((described) => {
    const { name, arn, productId, status } = described;
    const own = { ...described, what: `${kind.noun} ${name}` };
    const version = listed?.get(arn);
    if (version) {
      const { product, title, visibility } = version;
      return { ...own, why: `it is version ${title} of ${product} on AWS Marketplace, which is ${visibility}` };
    }
    if (productId !== undefined) return { ...own, why: `it is a version of product ${productId} on AWS Marketplace` };
    if (status === 'Pending' || status === 'InProgress')
      return { ...own, why: `its validation is ${status}; wait for it` };
    return { ...own, remove: () => unlessMissing(kind.delete(name)) };
  });
}

// --- internal ---

const IN_USE = 'other versions of the product are there';

/** All below the product's storage that is not found yet: only what has marks is removed. */
async function findObjects(context: PublishContext, gone: ReadonlySet<string>): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { key } of await objectsOf(context, `${keyOfUri(context, context.source.seller.storage)}/`)) {
    const what = objectName(context, key);
    if (gone.has(what)) continue;
    found.push((await hasMarks(context, key)) ? removable(context, key) : { what, why: FOREIGN });
  }
  return found;
}

async function findImage(context: PublishContext, image: ProductImage): Promise<readonly Found[]> {
  const { clients } = context;
  const { name, repositoryName, imageTag } = image;
  const found = await unlessMissing(clients.ecr.describeImages({ repositoryName, imageIds: [{ imageTag }] }));
  if (!found) return [];
  const what = `image ${name}`;
  if (!(await isOwnRepository(context, image)))
    return [{ what, why: `repository ${repositoryName} is somebody else's` }];
  return [
    {
      what,
      async remove() {
        const { failures = [] } = await clients.ecr.batchDeleteImage({ repositoryName, imageIds: [{ imageTag }] });
        const failure = failures.find(({ failureCode }) => failureCode !== 'ImageNotFound');
        if (failure) throw new JobError(`${what}: ${failure.failureCode}: ${failure.failureReason}`);
      },
    },
  ];
}

async function findRepository(
  context: PublishContext,
  image: ProductImage,
  gone: ReadonlySet<string>,
): Promise<readonly Found[]> {
  const { clients } = context;
  const { name, repositoryName, imageTag } = image;
  const isOurs = await isOwnRepository(context, image);
  if (isOurs === undefined) return [];
  const what = `repository ${repositoryName}`;
  if (!isOurs) return [{ what, why: FOREIGN }];
  const isGone = gone.has(`image ${name}`);
  for await (const { imageIds = [] } of paginateListImages({ client: clients.ecr }, { repositoryName })) {
    if (imageIds.some((id) => !(isGone && id.imageTag === imageTag))) return [{ what, why: 'it has other images' }];
  }
  return [{ what, remove: () => unlessMissing(clients.ecr.deleteRepository({ repositoryName })) }];
}

/** Undefined where there is none. */
async function isOwnRepository(
  { clients, mark }: PublishContext,
  { repositoryName }: ProductImage,
): Promise<boolean | undefined> {
  const found = await unlessMissing(clients.ecr.describeRepositories({ repositoryNames: [repositoryName] }));
  const resourceArn = found?.repositories?.[0]?.repositoryArn;
  if (resourceArn === undefined) return undefined;
  return isOwn((await clients.ecr.listTagsForResource({ resourceArn })).tags, mark);
}

async function findBucket(context: PublishContext, gone: ReadonlySet<string>): Promise<readonly Found[]> {
  const { clients, source, mark } = context;
  const { bucket: Bucket } = source.seller;
  if (!(await unlessMissing(clients.s3.headBucket({ Bucket })))) return [];
  const tags = await unlessMissing(clients.s3.getBucketTagging({ Bucket }));
  const what = `bucket ${Bucket}`;
  if (!isOwn(tags?.TagSet, mark)) return [{ what, why: FOREIGN }];
  const left = (await objectsOf(context, '')).find(({ key }) => !gone.has(objectName(context, key)));
  if (left) return [{ what, why: `it has other objects, such as ${left.key}` }];
  return [{ what, remove: () => unlessMissing(clients.s3.deleteBucket({ Bucket })) }];
}

async function findRole(
  context: PublishContext,
  RoleName: string,
  gone: ReadonlySet<string>,
): Promise<readonly Found[]> {
  const { iam } = context.clients;
  const found = await unlessMissing(iam.getRole({ RoleName }));
  if (!found) return [];
  const what = `role ${RoleName}`;
  if (!isOwn(found.Role?.Tags, context.mark)) return [{ what, why: FOREIGN }];
  const { noun } = resourceKind(context);
  const others = (await findEveryResource(context)).filter(({ name }) => !gone.has(`${noun} ${name}`));
  if (others.length > 0) return [{ what, why: IN_USE }];
  return [
    {
      what,
      async remove() {
        await unlessMissing(iam.deleteRolePolicy({ RoleName, PolicyName: POLICY }));
        await unlessMissing(iam.deleteRole({ RoleName }));
      },
    },
  ];
}
