import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algoHere, makeWorkspace, write } from './support/command.js';
import { PRODUCT } from './support/product.js';

describe('algo listing', () => {
  it('writes the documents of a product, and says what is to be done before they are sent', async () => {
    const workspace = write(makeWorkspace(), { 'algorithms/sum/listing/product.yaml': PRODUCT });

    const { code, stdout, stderr } = await algoHere(workspace, 'listing', 'sum', '--account', '123456789012');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(join('.algo', 'listing', 'sum', 'create-algorithm.json\n'));
    expect(stdout).toContain(
      '    aws s3 cp --recursive sample-data/sum s3://sagemaker-us-east-1-123456789012/sum/1.2.3/sample-data\n' +
        '    aws s3 cp model.tar.gz s3://sagemaker-us-east-1-123456789012/sum/1.2.3/model.tar.gz    # for a model package\n',
    );
    const read = (file: string) => readFileSync(join(workspace, '.algo', 'listing', 'sum', file), 'utf8');
    expect(JSON.parse(read('create-algorithm.json'))).toMatchObject({
      AlgorithmName: 'sum-1-2-3',
      AlgorithmDescription: 'Adds numbers',
      TrainingSpecification: { TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3' },
    });
    expect(read('portal.md')).toContain('### Product title\n\n4 of 72 characters.');
  });

  it('writes nothing where product.yaml is wrong, and exits with 2 and every problem', async () => {
    const text = PRODUCT.replace('title: Sums', 'titel: Sums').replace('eula: standard', 'eula: 1');
    const workspace = write(makeWorkspace(), { 'algorithms/sum/listing/product.yaml': text });

    const { code, stdout, stderr } = await algoHere(workspace, 'listing', 'sum');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/product\.yaml line 1: title is required/);
    expect(stderr).toMatch(/product\.yaml line 1: the file must not have "titel": there is no such field\./);
    expect(stderr).toMatch(/product\.yaml line 8: eula must be .*; received 1\./);
  });
});

describe('algo listing changes', () => {
  it('lists what changed since the published version, and exits with 1 if the version is too low', async () => {
    const workspace = write(makeWorkspace(), { 'algorithms/sum/listing/product.yaml': PRODUCT });
    const first = await algoHere(workspace, 'listing', 'changes', 'sum');
    const released = await algoHere(workspace, 'listing', 'release', 'sum');
    const text = PRODUCT.replace('realTime: { ml.m5.large: }', 'realTime: { ml.m5.large: , ml.c5.xlarge: }');
    write(workspace, { 'algorithms/sum/listing/product.yaml': text });

    const { code, stdout, stderr } = await algoHere(workspace, 'listing', 'changes', 'sum');

    expect(first).toEqual({ code: 0, stderr: '', stdout: 'There is no published version to compare with.\n' });
    expect(released).toEqual({ code: 0, stderr: '', stdout: `${join('algorithms/sum/listing/published.json')}\n` });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'minor ml.c5.xlarge for real-time inference is new\n1.2.3 to 1.2.3: a minor change\n',
    });
    expect(stderr).toMatch(
      /The version must be 1\.3\.0 or higher; it is 1\.2\.3 without a changeset, and buyers get more/,
    );
  });

  it('compares with the description of a release, as JSON', async () => {
    const workspace = write(makeWorkspace(), { 'algorithms/sum/listing/product.yaml': PRODUCT });
    const described = JSON.parse((await algoHere(workspace, 'describe', 'sum')).stdout);
    described.InferenceSpecification.SupportedContentTypes.push('application/xml');
    write(workspace, { 'sum-1.2.3.json': JSON.stringify(described) });

    const { code, stdout } = await algoHere(
      workspace,
      'listing',
      'changes',
      'sum',
      '--since',
      'sum-1.2.3.json',
      '--json',
    );

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ published: true, before: '1.2.3', needed: 'major' },
      changes: [{ level: 'major', text: 'content type application/xml of requests is gone' }],
    });
  });
});

describe('algo listing check', () => {
  it('prints each finding with its place, its rule and the source, and exits with 1', async () => {
    const product = PRODUCT.replace('refunds: Write', 'refunds: The best refunds. Write').replace(
      '[Adds]',
      '[Adds best]',
    );
    const workspace = write(makeWorkspace(), { 'algorithms/sum/listing/product.yaml': product });
    write(workspace, { 'moved/validation-profile.json': '{}', 'moved/README.md': 'Terms: CC0. No personal data.\n' });

    const { code, stdout, stderr } = await algoHere(workspace, 'listing', 'check', 'sum', '--sample-data', 'moved');

    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^algo: \d+ findings\n$/) });
    expect(stdout).toContain(
      'algorithms/sum/listing/product.yaml:2: must have no superlative or claim without proof; found "best". Give a measured number.\n' +
        '  rule 5: AWS Marketplace Seller Guide, ',
    );
    expect(stdout).toContain('moved/validation-profile.json: must have a transformJob; it is missing.\n  rule 21: ');
    expect(stdout).not.toContain('rule 20:');
  });
});
