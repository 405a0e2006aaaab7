/** What the script says; packages/api/test/clients runs it with the AWS CLI. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sellerOf } from '../../src/documents/seller.js';
import { shellScript } from '../../src/documents/shell-script.js';
import { sourceOf } from '../../src/material.js';
import { materialOf } from '../support/material.js';

it('quotes a folder as the shell reads it, and names the Region of a bucket unless it is us-east-1', async () => {
  const source = sourceOf(await materialOf('linear-regression'));
  const seller = sellerOf(source.definition, { account: '123456789012', region: 'eu-central-1' });

  const script = shellScript({ ...source, seller }, "it's data");

  const folder = execFileSync('sh', ['-c', `${/^sample_data=.*$/m.exec(script)![0]}; printf %s "$sample_data"`], {
    encoding: 'utf8',
  });
  expect(folder).toBe("it's data");
  expect(script).toContain("--create-bucket-configuration LocationConstraint='eu-central-1'");
  expect(shellScript(source, 'data')).not.toContain('LocationConstraint');
});

it('of a product without training makes the package, and uploads the model that the profile names', async () => {
  const { definition, ...source } = sourceOf(await materialOf('linear-regression'));
  const { TrainingSpecification: _, ...served } = definition;
  const profile = { ...source.profile, model: 'model' };

  const script = shellScript({ ...source, definition: served, profile }, 'data');

  expect(script).toContain(
    'aws sagemaker create-model-package --cli-input-json "file://$here/create-model-package.json"',
  );
  expect(script).toContain('/model.tar.gz');
  expect(script).not.toContain('create-algorithm');
});
