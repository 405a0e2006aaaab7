/** Which resources of an account are those of trials of this version. */
import { expect, it } from 'vitest';
import { openContext } from '../../src/publish/context.js';
import { type Mark, tagsOf } from '../../src/publish/mark.js';
import { findTrials } from '../../src/publish/trial/resources.js';
import { openAccount } from '../support/account.js';
import { answering } from '../support/faults.js';

const TRIAL = '-1-2-3-trial-mabc1234';

it('finds no trial of a product or version whose names have those of this one in them', async () => {
  const models: Readonly<Record<string, Mark>> = {
    [`sum${TRIAL}`]: { product: 'sum', version: '1.2.3' },
    [`my-sum${TRIAL}`]: { product: 'sum', version: '1.2.3' },
    [`sum${TRIAL.replace('mabc', 'mxyz')}`]: { product: 'sum', version: '1.2.4' }, // of a name that is cut off
    [`sum${TRIAL.replace('mabc', 'mdef')}`]: { product: 'my-sum', version: '1.2.3' },
  };
  const Models = Object.keys(models).map((ModelName) => ({ ModelName, ModelArn: `arn:${ModelName}` }));
  const around = answering((call) => (call === 'SageMakerClient ListModels' ? { Models } : undefined));
  const context = await openContext((await openAccount()).request({ around }));
  const { sagemaker } = context.clients;
  const listTags = async ({ ResourceArn = '' }) => ({ Tags: tagsOf(models[ResourceArn.replace('arn:', '')]!) });
  sagemaker.listTags = listTags as unknown as typeof sagemaker.listTags;

  const found = await findTrials(context);

  expect(found.map(({ what }) => what)).toEqual([`model sum${TRIAL}`]);
});
