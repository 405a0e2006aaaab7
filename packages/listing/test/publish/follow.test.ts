/** Which resource the step `validation` follows when it is run alone. */
import { expect, it } from 'vitest';
import { publish } from '../../src/publish/publish.js';
import { openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { answering } from '../support/faults.js';
import { writeFiles } from '../support/folder.js';
import { makeResource } from '../support/listed.js';

const ALONE = { ...APPLY, only: 'validation' };

/** @returns a request whose sample data has changed since a resource was made */
async function changedRequest() {
  const account = await openAccount();
  await makeResource(account.request());
  writeFiles(account.request().sampleData, { 'train/numbers.csv': '5\n' });
  return account.request;
}

it('reports no success of a resource that was made of other sample data', async () => {
  const request = await changedRequest();

  await expect(publish(request(), ALONE)).rejects.toThrow(
    'validation: there is no resource to follow of this request, image and sample data: sum-1-2-3 is of others; run',
  );
});

it('repeats the causes of the last resource, which has failed', async () => {
  const request = await changedRequest();
  const failed = {
    ...{ AlgorithmArn: 'arn:aws:sagemaker:us-east-1:000000000000:algorithm/sum-1-2-3', AlgorithmStatus: 'Failed' },
    AlgorithmStatusDetails: { ImageScanStatuses: [{ Name: 'image', Status: 'Failed', FailureReason: 'no space' }] },
  };
  const around = answering((call) => (call === 'SageMakerClient DescribeAlgorithm' ? failed : undefined));

  await expect(publish(request({ around }), ALONE)).rejects.toThrow(
    'validation: sum-1-2-3 is Failed\n  scan image: no space',
  );
});
