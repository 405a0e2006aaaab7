/** The documents that `algo listing` wrote for linear regression, sent by the JavaScript SDK; AWS's validation is run on each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { paginateListObjectsV2, S3 } from '@aws-sdk/client-s3';
import { SageMaker } from '@aws-sdk/client-sagemaker';
import { check, run } from './steps.js';

const sagemaker = new SageMaker();
const s3 = new S3();
const { LISTING, LISTING_SAMPLES } = process.env;
const documentOf = (name) => JSON.parse(readFileSync(join(LISTING, `${name}.json`), 'utf8'));
const algorithm = documentOf('create-algorithm');
const [{ TrainingJobDefinition }] = algorithm.ValidationSpecification.ValidationProfiles;
const [, Bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)\/validation\//.exec(
  TrainingJobDefinition.OutputDataConfig.S3OutputPath,
);

/** What is described when its validation has ended. */
async function settled(describe, status) {
  for (;;) {
    const found = await describe();
    if (!['Pending', 'InProgress'].includes(found[status])) return found;
    await delay(100);
  }
}

async function packageIsValidated(document) {
  const { ModelPackageArn: ModelPackageName } = await sagemaker.createModelPackage(document);
  const found = await settled(() => sagemaker.describeModelPackage({ ModelPackageName }), 'ModelPackageStatus');
  check(found.ModelPackageStatus === 'Completed' && found.CertifyForMarketplace, found);
}

await run(['@aws-sdk/client-sagemaker'], {
  async upload() {
    await s3.createBucket({ Bucket });
    for (const entry of readdirSync(LISTING_SAMPLES, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const Key = `${prefix}/sample-data/${file.slice(LISTING_SAMPLES.length + 1)}`;
      await s3.putObject({ Bucket, Key, Body: readFileSync(file) });
    }
  },
  async algorithm() {
    await sagemaker.createAlgorithm(algorithm);
    const name = { AlgorithmName: algorithm.AlgorithmName };
    const found = await settled(() => sagemaker.describeAlgorithm(name), 'AlgorithmStatus');
    check(found.AlgorithmStatus === 'Completed' && found.CertifyForMarketplace, found);
  },
  async 'package of a model that it trained'() {
    const keys = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: s3 },
      { Bucket, Prefix: `${prefix}/validation/` },
    )) {
      keys.push(...Contents.map(({ Key }) => Key));
    }
    const trained = keys.find((key) => key.endsWith('/output/model.tar.gz'));
    check(trained !== undefined, keys);
    await s3.copyObject({ Bucket, Key: `${prefix}/model.tar.gz`, CopySource: `${Bucket}/${trained}` });
    await packageIsValidated(documentOf('create-model-package-from-algorithm'));
  },
  async 'package of the image and a model in S3'() {
    await packageIsValidated(documentOf('create-model-package'));
  },
});
