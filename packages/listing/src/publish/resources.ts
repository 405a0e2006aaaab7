/**
 * The algorithms or model packages that were made of one version: NAME-1-0-0, and after a failure NAME-1-0-0-2 and so on, since
 * none of them can be changed, and none is deleted but by a person.
 */
import { createHash } from 'node:crypto';
import { digestFile } from '@algo/local';
import { createAlgorithm } from '../documents/create-algorithm.js';
import { createModelPackage } from '../documents/create-model-package.js';
import { named, RESOURCE_CHARACTERS } from '../documents/seller.js';
import type { Document } from '../documents/source.js';
import type { PublishContext } from './context.js';
import { imagesOf } from './images.js';
import { isOfVersion, isOwn, tagValue } from './mark.js';
import { type Described, type ResourceKind, resourceKind } from './resource-kind.js';
import { sampleFiles, validationPaths } from './sample-files.js';
import { storedImageId } from './steps/image.js';

export interface Resources {
  readonly kind: ResourceKind;
  /** Made by publishing this version of this request, image and sample data, and not failed. */
  readonly current: Described | undefined;
  /** Made by publishing this version, of these or of others; by number. */
  readonly own: readonly Described[];
  /** Of the next to be made. */
  readonly nextName: string;
  /** Of what it is to be made of, for its tag: see `requestDigest`. */
  readonly digest: string;
}

/** Tag with the digest of what the resource was made of. */
export const REQUEST_TAG = 'algo:request';

export async function findResources(context: PublishContext): Promise<Resources> {
  const kind = resourceKind(context);
  const base = baseName(context);
  const numbered = (await kind.names(stemOf(base)))
    .map((name) => ({ name, number: numberOf(name, base) }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number);
  const digest = await requestDigest(context);
  const own: Described[] = [];
  let current: Described | undefined;
  for (const { name } of numbered) {
    const described = await kind.describe(name);
    if (!described) continue; // deleted meanwhile
    const { Tags } = await context.clients.sagemaker.listTags({ ResourceArn: described.arn });
    if (!isOfVersion(Tags, context.mark)) continue;
    own.push(described);
    if (described.status !== 'Failed' && tagValue(Tags, REQUEST_TAG) === digest) current = described;
  }
  const last = numbered.at(-1)?.number ?? 0;
  return { kind, current, own, nextName: nameWithNumber(base, last + 1), digest };
}

/** Those of all versions of the product that publishing made, private ones too. */
export async function findEveryResource(
  context: PublishContext,
): Promise<readonly (Described & { readonly isOfVersion: boolean })[]> {
  const kind = resourceKind(context);
  const { everyVersion } = context.source.seller;
  const start = everyVersion.replace(/-?\*$/, '');
  const found: (Described & { readonly isOfVersion: boolean })[] = [];
  for (const name of (await kind.names(start)).filter((one) => one.startsWith(start))) {
    const described = await kind.describe(name);
    if (!described) continue;
    const { Tags } = await context.clients.sagemaker.listTags({ ResourceArn: described.arn });
    if (isOwn(Tags, context.mark)) found.push({ ...described, isOfVersion: isOfVersion(Tags, context.mark) });
  }
  return found;
}

/** The request that makes the resource, with any name. */
export function resourceRequest({ source, isPrivate }: PublishContext, name: string): Document {
  const { definition, profile } = source;
  const isAlgorithm = definition.TrainingSpecification !== undefined;
  const document = isAlgorithm
    ? createAlgorithm(source)
    : createModelPackage(source, profile.model === undefined ? 'image' : 's3');
  return {
    ...document,
    ...(isAlgorithm ? { AlgorithmName: name } : { ModelPackageName: name }),
    CertifyForMarketplace: !isPrivate,
  };
}

/** Digest of all that the validation of the resource depends on: its request, the images in ECR, and the sample data. */
export async function requestDigest(context: PublishContext): Promise<string> {
  const request = resourceRequest(context, baseName(context));
  const images = await Promise.all(imagesOf(context).map((image) => storedImageId(context, image)));
  const hash = createHash('sha256').update(JSON.stringify([request, images]));
  for (const path of validationPaths(context)) {
    for (const one of sampleFiles(context.request.sampleData, path)) {
      hash.update(JSON.stringify([one.path, await digestFile(one.file)]));
    }
  }
  return hash.digest('hex').slice(0, DIGEST_CHARACTERS);
}

/** A private resource cannot become a public one, so it has names of its own. */
export function baseName({ source, isPrivate }: PublishContext): string {
  const { resource } = source.seller;
  return isPrivate ? named(resource, 'private', RESOURCE_CHARACTERS) : resource;
}

// --- internal ---

/** 96 bits: no two requests of one product have the same. */
const DIGEST_CHARACTERS = 24;

function nameWithNumber(base: string, number: number): string {
  return number === 1 ? base : named(base, String(number), RESOURCE_CHARACTERS);
}

/** What all names that `nameWithNumber` gives have in common. */
function stemOf(base: string): string {
  return base.slice(0, RESOURCE_CHARACTERS - NUMBER_CHARACTERS).replace(/-+$/, '');
}

/** A hyphen and three digits. */
const NUMBER_CHARACTERS = 4;

/** From 1; 0 for the name of something else. */
function numberOf(name: string, base: string): number {
  if (name === base) return 1;
  const number = Number(/-([1-9]\d{0,2})$/.exec(name)?.[1] ?? 0);
  return number > 1 && nameWithNumber(base, number) === name ? number : 0;
}
