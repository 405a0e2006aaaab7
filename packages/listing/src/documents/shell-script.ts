/**
 * `create.sh`: the steps that make a resource, by the AWS CLI: repository and bucket, image, sample data, roles, and the requests
 * next to it. Each step looks for what is there already and makes only the rest, so the script can be run again after any failure.
 */
import { modelUri } from './create-model-package.js';
import { rolesOf } from './roles.js';
import { repositoriesOf } from './seller.js';
import type { Source } from './source.js';

/** @param sampleData its folder, as seen from where the script is run */
export function shellScript(source: Source, sampleData: string): string {
  const { seller, definition } = source;
  const isAlgorithm = definition.TrainingSpecification !== undefined;
  const hasModel = !isAlgorithm && source.profile.model !== undefined;
  const [kind, name, status] = isAlgorithm
    ? ['algorithm', '--algorithm-name', 'AlgorithmStatus']
    : ['model-package', '--model-package-name', 'ModelPackageStatus'];
  const [repository, trainingRepository = ''] = repositoriesOf(seller);
  const ofTwo = (lines: string) => (trainingRepository === '' ? '' : lines);
  return `#!/bin/sh
# Makes ${seller.resource} in account ${seller.account}, ${seller.region}: sh create.sh [STEP…]; without a step all of them, in this order:
#   storage   the S3 bucket and the ECR ${trainingRepository === '' ? 'repository' : 'repositories'}
#   image     pushes IMAGE (default: ${definition.Name}), a local image; ENGINE is docker or podman
${ofTwo(`#             and TRAINING_IMAGE (default: ${trainingRepository}), which trains\n`)}#   samples   uploads SAMPLE_DATA${hasModel ? ', and MODEL, the model.tar.gz' : ''}
#   roles     the role of the validation, and that of AWS Marketplace
#   resource  sends the request, and waits until scan and validation have ended, which may take hours
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export AWS_DEFAULT_REGION=${quoted(seller.region)} AWS_REGION=${quoted(seller.region)}
ENGINE=\${ENGINE:-docker}
local_image=${quoted(definition.Name)}
IMAGE=\${IMAGE:-$local_image}
${ofTwo(`local_training_image=${quoted(trainingRepository)}\nTRAINING_IMAGE=\${TRAINING_IMAGE:-$local_training_image}\n`)}sample_data=${quoted(sampleData)}
SAMPLE_DATA=\${SAMPLE_DATA:-$sample_data}
SECONDS_BETWEEN_LOOKS=\${SECONDS_BETWEEN_LOOKS:-30}
account=${quoted(seller.account)}
bucket=${quoted(seller.bucket)}
repository=${quoted(repository)}
image=${quoted(seller.image)}
${ofTwo(`training_repository=${quoted(trainingRepository)}\ntraining_image=${quoted(seller.trainingImage ?? '')}\n`)}name=${quoted(seller.resource)}

storage() {
  make_repository "$repository"
${ofTwo('  make_repository "$training_repository"\n')}  aws s3api head-bucket --bucket "$bucket" >/dev/null 2>&1 ||
    aws s3api create-bucket --bucket "$bucket"${locationOf(seller.region)} >/dev/null
}

make_repository() {
  aws ecr describe-repositories --repository-names "$1" >/dev/null 2>&1 ||
    aws ecr create-repository --repository-name "$1" --image-tag-mutability IMMUTABLE \\
      --image-scanning-configuration scanOnPush=true >/dev/null
}

# Single manifest, linux/amd64: SageMaker takes no other, and Amazon's scan reads no index.
image() {
  push "$IMAGE" "$repository" "$image"
${ofTwo('  push "$TRAINING_IMAGE" "$training_repository" "$training_image"\n')}}

# A local image, to a repository as an image there.
push() {
  if aws ecr describe-images --repository-name "$2" --image-ids "imageTag=\${3##*:}" >/dev/null 2>&1; then
    echo "$3 is there already"
    return
  fi
  aws ecr get-login-password | "$ENGINE" login --username AWS --password-stdin "\${3%%/*}"
  "$ENGINE" tag "$1" "$3"
  "$ENGINE" push "$3"
}

samples() {
  aws s3 cp --only-show-errors --recursive "$SAMPLE_DATA" ${quoted(`${seller.storage}/sample-data`)}
${hasModel ? `  aws s3 cp --only-show-errors "\${MODEL:?MODEL must be the path of model.tar.gz}" ${quoted(modelUri(source))}\n` : ''}}

roles() {
${rolesOf(source)
  .map(({ name: role }) => `  role ${quoted(role)}`)
  .join('\n')}
}

role() {
  aws iam get-role --role-name "$1" >/dev/null 2>&1 ||
    aws iam create-role --role-name "$1" --assume-role-policy-document "file://$here/$1-trust.json" >/dev/null
  aws iam put-role-policy --role-name "$1" --policy-name "$1" --policy-document "file://$here/$1-policy.json"
}

resource() {
  [ "$(state)" != none ] ||
    aws sagemaker create-${kind} --cli-input-json "file://$here/create-${kind}.json" >/dev/null
  while :; do
    state=$(state)
    case $state in Pending | InProgress) sleep "$SECONDS_BETWEEN_LOOKS" ;; *) break ;; esac
  done
  echo "$name: $state"
  [ "$state" = Completed ] || aws sagemaker describe-${kind} ${name} "$name" --query ${quoted(`${status}Details`)} >&2
  [ "$state" = Completed ]
}

# Of the resource: none where it is not there. Any other error ends the script.
state() {
  if ! found=$(aws sagemaker describe-${kind} ${name} "$name" --query ${status} --output text 2>&1); then
    case $found in
      *"does not exist"* | *"not find"*) found=none ;;
      *) echo "$found" >&2 && return 1 ;;
    esac
  fi
  echo "$found"
}

[ $# -gt 0 ] || set -- storage image samples roles resource
for step in "$@"; do
  case $step in
    storage | image | samples | roles | resource) ;;
    *) echo "create.sh: a step is storage, image, samples, roles or resource; received $step" >&2 && exit 2 ;;
  esac
done
[ "$(aws sts get-caller-identity --query Account --output text)" = "$account" ] || {
  echo "create.sh: the credentials must be of account $account" >&2
  exit 1
}
for step in "$@"; do
  echo "$step"
  "$step"
done
`;
}

// --- internal ---

/** us-east-1 is the one Region that a request for a bucket must not name. */
function locationOf(region: string): string {
  return region === 'us-east-1' ? '' : ` --create-bucket-configuration LocationConstraint=${quoted(region)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
