/** A product with an image that trains and one that serves, in all documents that name images. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cdkStacks } from '../../src/documents/cdk.js';
import { storageTemplate } from '../../src/documents/cloudformation.js';
import { documentsOf, requestProblem } from '../../src/documents/documents.js';
import { sellerOf } from '../../src/documents/seller.js';
import { shellScript } from '../../src/documents/shell-script.js';
import { sourceOf } from '../../src/material.js';
import { makeFolder, writeFiles } from '../support/folder.js';
import { materialOf } from '../support/material.js';

const one = sourceOf(await materialOf('linear-regression'));
const source = { ...one, seller: sellerOf(one.definition, { trainingRepository: 'team/trainer' }) };
const REGISTRY = '000000000000.dkr.ecr.us-east-1.amazonaws.com';
const TRAINS = `${REGISTRY}/team/trainer:1.0.0`;
const SERVES = `${REGISTRY}/linear-regression:1.0.0`;

it('CreateAlgorithm trains with one and serves with the other, which a model package has alone', () => {
  const documents = documentsOf(source);

  const [algorithm, , modelPackage] = documents.map(({ document }) => document);
  expect(algorithm).toMatchObject({
    TrainingSpecification: { TrainingImage: TRAINS },
    InferenceSpecification: { Containers: [{ Image: SERVES }] },
  });
  expect(modelPackage).toMatchObject({ InferenceSpecification: { Containers: [{ Image: SERVES }] } });
  expect(JSON.stringify(modelPackage)).not.toContain('trainer');
  expect(documents.map(requestProblem).filter(Boolean)).toEqual([]);
});

it("the validation's role may read both repositories", () => {
  const policy = documentsOf(source).find(({ file }) => file === 'linear-regression-validation-policy.json');

  const arn = 'arn:aws:ecr:us-east-1:000000000000:repository';
  expect(policy?.document.Statement).toContainEqual(
    expect.objectContaining({ Resource: [`${arn}/linear-regression`, `${arn}/team/trainer`] }),
  );
});

it('the stack of the storage has both repositories, which stay, and CDK gives both', () => {
  const { Resources } = storageTemplate(source) as {
    readonly Resources: Record<string, { DeletionPolicy: string; Properties: object }>;
  };

  expect(Object.keys(Resources)).toEqual(['Bucket', 'Repository', 'TrainingRepository']);
  expect(Resources.TrainingRepository).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { ...Resources.Repository?.Properties, RepositoryName: 'team/trainer' },
  });
  expect(cdkStacks(source)).toContain("this.trainingRepository = template.getResource('TrainingRepository')");
  expect(cdkStacks(one)).not.toContain('rainingRepository');
});

it('the script makes both repositories, and pushes each local image to its own', () => {
  const folder = makeFolder();
  writeFiles(folder, { 'create.sh': shellScript(source, 'data'), aws: AWS, engine: ENGINE });

  execFileSync('sh', ['-c', 'chmod +x aws engine; PATH="$PWD:$PATH" ENGINE=engine sh create.sh storage image'], {
    cwd: folder,
    env: { ...process.env, CALLS: join(folder, 'calls'), TRAINING_IMAGE: 'trainer:gpu' },
  });

  expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toEqual([
    'make linear-regression',
    'make team/trainer',
    `login --username AWS --password-stdin ${REGISTRY}`,
    `tag linear-regression ${SERVES}`,
    `push ${SERVES}`,
    `login --username AWS --password-stdin ${REGISTRY}`,
    `tag trainer:gpu ${TRAINS}`,
    `push ${TRAINS}`,
  ]);
});

/** Of an account without repositories and images, whose bucket is there. */
const AWS = `#!/bin/sh
case "$1 $2" in
  'sts get-caller-identity') echo 000000000000 ;;
  'ecr describe-repositories' | 'ecr describe-images') exit 254 ;;
  'ecr create-repository') echo "make $4" >> "$CALLS" ;;
esac
`;
const ENGINE = `#!/bin/sh
echo "$@" >> "$CALLS"
[ "$1" != login ] || cat > /dev/null
`;
