/**
 * How each thing that publishing made is removed: only with its marks, and only while nothing of somebody else's is in it. A part
 * looks for what is left of it each time, so removing may be interrupted and repeated.
 */
import { paginateListImages } from '@aws-sdk/client-ecr';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { rolesOf } from '../documents/roles.js';
import { unlessMissing } from './aws-error.js';
import type { PublishContext } from './context.js';
import { isOwn, isOwnObject } from './mark.js';
import { resourceKind } from './resource-kind.js';
import { findEveryResource } from './resources.js';
import { repositoryOf } from './steps/repository.js';
import { POLICY } from './steps/role.js';

/** One thing that is there. */
export interface Found {
  /** `algorithm sum-1-0-0` */
  readonly what: string;
  /** Why it stays; undefined: it is removed. */
  readonly why?: string;
  remove?(): Promise<unknown>;
}

/** Of a part of an account. */
export interface Removal {
  /** The step that made it. */
  readonly step: string;
  /** @param gone names of what earlier parts have removed, or would in a dry run */
  find(gone: ReadonlySet<string>): Promise<readonly Found[]>;
}

/** In the order in which they are removed. */
export function removalsOf(context: PublishContext): readonly Removal[] {
  const [validation, access] = rolesOf(context.source);
  return [
    { step: 'algorithm', find: () => findOwnResources(context) },
    { step: 'sample data', find: () => findObjects(context) },
    { step: 'image', find: () => findImage(context) },
    { step: 'repository', find: (gone) => findRepository(context, gone) },
    { step: 'bucket', find: (gone) => findBucket(context, gone) },
    { step: 'access role', find: (gone) => findRole(context, access!.name, gone) },
    { step: 'validation role', find: (gone) => findRole(context, validation!.name, gone) },
  ];
}

// --- internal ---

const IN_USE = 'other versions of the product are there';

async function findOwnResources(context: PublishContext): Promise<readonly Found[]> {
  const kind = resourceKind(context);
  const found = await findEveryResource(context);
  return found
    .filter(({ isOfVersion }) => isOfVersion)
    .map(({ name, productId, status }) => {
      const what = `${kind.noun} ${name}`;
      if (productId !== undefined) {
        return { what, why: 'it is a version of a product on AWS Marketplace; restrict that version there first' };
      }
      if (status === 'Pending' || status === 'InProgress')
        return { what, why: `its validation is ${status}; wait for it` };
      return { what, remove: () => unlessMissing(kind.delete(name)) };
    });
}

/** Objects with marks, and what AWS's validation has written for them. */
async function findObjects(context: PublishContext): Promise<readonly Found[]> {
  const { clients, source, mark } = context;
  const { bucket: Bucket, storage } = source.seller;
  const prefix = `${storage.slice(`s3://${Bucket}/`.length)}/`;
  const found: Found[] = [];
  for (const key of await keysOf(context, prefix)) {
    const isOutput = key.startsWith(`${prefix}validation/`) && OUTPUT.test(key);
    const head = isOutput ? undefined : await unlessMissing(clients.s3.headObject({ Bucket, Key: key }));
    const what = objectName(Bucket, key);
    if (!isOutput && !isOwnObject(head?.Metadata, mark)) found.push({ what, why: "it is somebody else's" });
    else found.push({ what, remove: () => clients.s3.deleteObject({ Bucket, Key: key }) });
  }
  return found;
}

/** What training and transform jobs of AWS's validation write. */
const OUTPUT = /\/output\/(model|output)\.tar\.gz$|\.out$/;

async function findImage(context: PublishContext): Promise<readonly Found[]> {
  const { clients, source } = context;
  const { image } = source.seller;
  const { repositoryName, imageTag } = repositoryOf(image);
  const found = await unlessMissing(clients.ecr.describeImages({ repositoryName, imageIds: [{ imageTag }] }));
  if (!found) return [];
  const what = `image ${image}`;
  if (!(await isOwnRepository(context))) return [{ what, why: `repository ${repositoryName} is somebody else's` }];
  return [{ what, remove: () => clients.ecr.batchDeleteImage({ repositoryName, imageIds: [{ imageTag }] }) }];
}

async function findRepository(context: PublishContext, gone: ReadonlySet<string>): Promise<readonly Found[]> {
  const { clients, source } = context;
  const { repositoryName, imageTag } = repositoryOf(source.seller.image);
  const isOurs = await isOwnRepository(context);
  if (isOurs === undefined) return [];
  const what = `repository ${repositoryName}`;
  if (!isOurs) return [{ what, why: "it is somebody else's" }];
  const isGone = gone.has(`image ${source.seller.image}`);
  for await (const { imageIds = [] } of paginateListImages({ client: clients.ecr }, { repositoryName })) {
    if (imageIds.some((id) => !(isGone && id.imageTag === imageTag))) return [{ what, why: 'it has other images' }];
  }
  return [{ what, remove: () => unlessMissing(clients.ecr.deleteRepository({ repositoryName })) }];
}

/** Undefined where there is none. */
async function isOwnRepository({ clients, source, mark }: PublishContext): Promise<boolean | undefined> {
  const { repositoryName } = repositoryOf(source.seller.image);
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
  if (!isOwn(tags?.TagSet, mark)) return [{ what, why: "it is somebody else's" }];
  const left = (await keysOf(context, '')).filter((key) => !gone.has(objectName(Bucket, key)));
  if (left.length > 0) return [{ what, why: `it has other objects, such as ${left[0]}` }];
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
  if (!isOwn(found.Role?.Tags, context.mark)) return [{ what, why: "it is somebody else's" }];
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

async function keysOf({ clients, source }: PublishContext, Prefix: string): Promise<readonly string[]> {
  const { bucket: Bucket } = source.seller;
  if (!(await unlessMissing(clients.s3.headBucket({ Bucket })))) return [];
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, { Bucket, Prefix })) {
    for (const { Key } of Contents) keys.push(Key!);
  }
  return keys;
}

function objectName(bucket: string, key: string): string {
  return `object s3://${bucket}/${key}`;
}
