/**
 * The commands that push an image to Amazon ECR, in order, for a person to read and run. Nothing here runs them. A tag
 * is never used twice, since a listing keeps the image that its version was made of.
 */
import type { Engine } from '../container/engine.js';
import { checkImageReference } from '../container/image-reference.js';
import { ArgumentError } from '../errors.js';

export interface PushPlanRequest {
  readonly engine: Engine;
  readonly image: string;
  readonly version: string;
  /** 12 digits; the seller's own: Marketplace refuses images of another account. */
  readonly account: string;
  readonly region: string;
  /** Default: the image's name. */
  readonly repository?: string | undefined;
}

/**
 * @throws ArgumentError for an account, Region, repository or tag that ECR would refuse, or an image that none can be: nothing
 * that a shell reads as more than a word
 */
export function planPush(request: PushPlanRequest): readonly string[] {
  const { engine, image, version, account, region } = request;
  const repository = request.repository ?? image.replace(/^.*\//, '').replace(/:.*$/, '');
  check('The account', account, /^\d{12}$/, '12 digits');
  check('The Region', region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region such as us-east-1');
  check('The version', version, /^\w[\w.-]{0,127}$/, 'a tag: up to 128 letters, digits and any of . _ -');
  checkImageReference(image);
  check('The repository', repository, /^[a-z0-9]+([._/-][a-z0-9]+)*$/, 'lower-case letters, digits and any of . _ / -');
  const registry = `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const remote = `${registry}/${repository}:${version}`;
  const format = engine.name === 'docker' ? '' : '--format v2s2 ';
  const create = `aws ecr create-repository --region ${region} --repository-name ${repository}`;
  return [
    `${create} --image-tag-mutability IMMUTABLE --image-scanning-configuration scanOnPush=true`,
    `aws ecr get-login-password --region ${region} | ${engine.name} login --username AWS --password-stdin ${registry}`,
    `${engine.name} tag ${image} ${remote}`,
    `${engine.name} push ${format}${remote}`,
    `aws ecr describe-images --region ${region} --repository-name ${repository} --image-ids imageTag=${version} --query 'imageDetails[].imageManifestMediaType'`,
    `aws ecr wait image-scan-complete --region ${region} --repository-name ${repository} --image-id imageTag=${version}`,
    `aws ecr describe-image-scan-findings --region ${region} --repository-name ${repository} --image-id imageTag=${version}`,
  ];
}

// --- internal ---

function check(what: string, value: string, pattern: RegExp, rule: string): void {
  if (!pattern.test(value)) throw new ArgumentError(`${what} must be ${rule}; received "${value}".`);
}
