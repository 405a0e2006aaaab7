/** Each rule with a listing that breaks it and no other. */
import type { CheckItem, ImageCheck, Validation, ValidationProfile } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { checkListing, findingsOf, RULES } from '../../src/check/check.js';
import type { Evidence } from '../../src/evidence.js';
import type { Material } from '../../src/material.js';
import { withOutputs } from '../../src/notebooks/outputs.js';
import type { Product, Use } from '../../src/product/schema.js';
import { type Published, parsePublished, publishedText } from '../../src/versions/published.js';
import { flawlessMaterial, withProduct } from '../support/flawless.js';
import { ownRequestOf } from '../support/material.js';
import { code, printed } from '../support/notebooks.js';
import { ALGORITHMS, replaceIn } from '../support/product.js';

type Change = (material: Material) => Material;

const withUsage =
  (from: string | RegExp, to: string): Change =>
  (material) => ({ ...material, usage: { file: 'usage.md', text: replaceIn(material.usage!.text, from, to) } });
const withDescription =
  (from: string | RegExp, to: string): Change =>
  (material) => ({
    ...material,
    description: { file: 'description.md', text: replaceIn(material.description!.text, from, to) },
  });
const product =
  (from: string | RegExp, to: string): Change =>
  (material) =>
    withProduct(material, from, to);
const dataCard =
  (text: string): Change =>
  (material) => ({ ...material, dataCard: { file: 'README.md', text } });
const besides =
  (bytes: Buffer | undefined): Change =>
  (material) => ({ ...material, readBeside: () => bytes });
const definition =
  (change: (definition: Material['definition']) => Material['definition']): Change =>
  (material) => ({ ...material, definition: change(material.definition) });
const training = (change: object): Change =>
  definition((one) => ({ ...one, TrainingSpecification: { ...one.TrainingSpecification!, ...change } }));

/** With a GPU type, of an algorithm that computes on GPUs. */
const gpu =
  (use: Use, type: string, need?: Product['gpu']): Change =>
  (material) => {
    const { product: found } = material.productFile;
    const instances = { ...found!.instances, [use]: { ...found!.instances[use], [type]: 1 } };
    return {
      ...definition((one) => ({ ...one, Capabilities: { ...one.Capabilities, SupportsGpu: true } }))(material),
      productFile: { ...material.productFile, product: { ...found!, instances, gpu: need } },
    };
  };

/** With this version published, changed by `change`; a changeset of the algorithm waits. */
const withPublished =
  (change: (published: Published) => unknown): Change =>
  (material) => {
    const text = publishedText(material.definition, material.productFile.product!, 'First version.');
    const published = parsePublished(text, 'published.json');
    change(published);
    return { ...material, history: { ...material.history, published, pending: 'minor' } };
  };

const evidence =
  (change: (evidence: Evidence) => Partial<Evidence>): Change =>
  (material) => ({ ...material, evidence: { ...material.evidence, ...change(material.evidence) } });
const validated = (change: Partial<Validation>): Change =>
  evidence(({ validation: { value, ...kept } }) => ({
    validation: { ...kept, value: { ...value!, validation: { ...value!.validation, ...change } } },
  }));
const imageCheck = (change: Partial<ImageCheck>): Change =>
  evidence(({ image: { value, ...kept } }) => ({ image: { ...kept, value: { ...value!, ...change } as ImageCheck } }));
const checked = (item: CheckItem): Change => imageCheck({ items: [item] });
/** What a validation as a process has not. */
const PROCESS = { image: undefined } as unknown as Partial<Validation>;
/** Validated with another image that trains, whose check has this item. */
const TRAINER = { reference: 'trainer', id: 'sha256:3', diffIds: ['sha256:3'] };
const trainerChecked =
  (item: CheckItem, diffId = 'sha256:3'): Change =>
  (material) =>
    evidence(({ image: { value }, trainingImage }) => ({
      trainingImage: {
        ...trainingImage,
        value: { ...value!, layers: [{ diffId, compressedBytes: 1 }], items: [item] },
      },
    }))(validated({ trainingImage: TRAINER })(material));
const profile =
  (change: Partial<ValidationProfile>): Change =>
  (material) => ({ ...material, profile: { ...material.profile!, ...change } });
const CSV = { contentType: 'text/csv', accept: 'text/csv' };
/** As if `algo validate` had run after a change. */
const validatedAgain: Change = (material) =>
  evidence(({ validation: { value, ...kept } }) => ({
    validation: {
      ...kept,
      value: value && { ...value, description: material.definition, profile: material.profile! },
    },
  }))(material);

/** As a model package that says this about its model, in texts that promise no training. */
const withServedOnly =
  (highlights: readonly string[]): Change =>
  (material) =>
    servedOnly(highlights)(withDescription('Pipe mode', 'Pipe')(withUsage('Pipe mode', 'Pipe')(material)));
const servedOnly =
  (highlights: readonly string[]): Change =>
  (material) => {
    const { TrainingSpecification: _, ...served } = material.definition;
    const { product: found } = material.productFile;
    const { training: __, ...instances } = found!.instances;
    const { training: ___, ...recommended } = found!.recommended;
    return {
      ...material,
      definition: served,
      description: { file: 'description.md', text: '# Sums\n\nAdds numbers.\n' },
      productFile: {
        ...material.productFile,
        product: { ...found!, instances, recommended, highlights: [...highlights] },
      },
    };
  };

/** Header of a PNG. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.write('\x89PNG\r\n\x1a\n', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

const FIXTURES: readonly (readonly [rule: number, what: string, change: Change, place: RegExp, text: RegExp])[] = [
  [
    1,
    'a title that is too long',
    product(/^title: .*/m, `title: ${'x'.repeat(73)}`),
    /^product\.yaml:5$/,
    /^title must have 72 characters or fewer; received 73/,
  ],
  [
    2,
    'no overview',
    (material) => ({ ...material, description: undefined }),
    /^listing\/description\.md$/,
    /must be there; it is missing or empty/,
  ],
  [
    2,
    'an overview of 5,001 characters',
    (material) => ({ ...material, description: { file: 'description.md', text: `# T\n\n${'x'.repeat(5001)}` } }),
    /^description\.md:1$/,
    /must have 5000 characters or fewer; it has 5001/,
  ],
  [
    3,
    'usage instructions that are too long',
    withUsage('# Usage', `# Usage\n${'x'.repeat(10_000)}`),
    /^usage\.md:1$/,
    /must have 10000 characters or fewer; it has 1\d{4}/,
  ],
  [4, 'a carriage return', withUsage('# Usage\n', '# Usage\r\n'), /^usage\.md:1$/, /found "\\r"/],
  [
    4,
    'a space before ®',
    withDescription('# Linear regression\n', '# Linear regression ®\n'),
    /^description\.md:1$/,
    /found " ®"/,
  ],
  [5, 'a superlative in a highlight', product('Exact sums:', 'The best sums:'), /^product\.yaml:7$/, /found "best"/],
  [
    5,
    'a superlative in the overview',
    withDescription('Use cases', 'Use cases of state-of-the-art regression'),
    /^description\.md:\d+$/,
    /found "state-of-the-art"/,
  ],
  [
    5,
    'a claim in the description of the definition',
    definition((one) => ({ ...one, Description: 'The fastest regression.' })),
    /^the description of linear-regression's definition:1$/,
    /found "fastest"/,
  ],
  [
    6,
    'no example of training',
    withUsage('create_training_job', 'train'),
    /^usage\.md:1$/,
    /an example in which a training job is created/,
  ],
  [
    6,
    'no example of an invocation',
    withUsage('invoke_endpoint', 'ask'),
    /^usage\.md:1$/,
    /an example in which an endpoint or a batch transform is invoked/,
  ],
  [
    7,
    'a channel that is not named',
    withUsage(/`validation`/g, 'another'),
    /^usage\.md:1$/,
    /must name the channel `validation`/,
  ],
  [
    8,
    'FastFile',
    withUsage('File or Pipe mode', 'File, FastFile or Pipe mode'),
    /^usage\.md:5$/,
    /must promise only File and Pipe, the channels' modes; found "FastFile"/,
  ],
  [
    9,
    'a content type of another algorithm',
    withDescription('`text/csv`', '`text/csv`, `text/libsvm`'),
    /^description\.md:\d+$/,
    /found "text\/libsvm"/,
  ],
  [
    10,
    'no notebook',
    product(/ {2}notebook: .*\n/, ''),
    /^product\.yaml:19$/,
    /links\.notebook must be the address of the sample notebook; it is missing/,
  ],
  [
    11,
    'a space in an address',
    product('listing/notebook.ipynb', 'my%20notebook.ipynb'),
    /^product\.yaml:20$/,
    /links\.notebook must have only letters.*received "https:\/\/github\.com\/seller\/my%20notebook\.ipynb"/,
  ],
  [
    12,
    'no logo',
    besides(undefined),
    /^product\.yaml:\d+$/,
    /logo must be a file next to product\.yaml; there is none/,
  ],
  [
    12,
    'a logo of another format',
    besides(Buffer.from('<svg/>')),
    /^product\.yaml:\d+$/,
    /logo must be a PNG, JPEG or GIF; it is none/,
  ],
  [
    12,
    'a small logo',
    besides(png(100, 100)),
    /^product\.yaml:\d+$/,
    /120 to 640 pixels wide and high; it is 100 × 100/,
  ],
  [
    12,
    'a logo of 3:1',
    besides(png(600, 200)),
    /^product\.yaml:\d+$/,
    /as wide as high, or twice as wide; it is 600 × 200/,
  ],
  [
    12,
    'a logo of 5 MB',
    besides(Buffer.concat([png(240, 240), Buffer.alloc(5_000_000)])),
    /^product\.yaml:\d+$/,
    /below 5 MB; it has 5000024 bytes/,
  ],
  [
    13,
    'an agreement that is not there',
    product('eula: standard', 'eula: eula.txt'),
    /^product\.yaml:\d+$/,
    /eula must be "standard" or a file next to product\.yaml; there is no eula\.txt/,
  ],
  [
    14,
    'an instance type that SageMaker has not',
    product('    ml.c5.4xlarge: 0.80\n', '    ml.z9.large: 0.80\n'),
    /^product\.yaml:\d+$/,
    /instances\.training\.ml\.z9\.large must be an instance type for training/,
  ],
  [
    14,
    'one that is for real time only',
    product(/batch:\n {4}ml.m5.large: 0.10/, 'batch:\n    ml.t2.medium: 1\n    ml.m5.large: 0.10'),
    /^product\.yaml:\d+$/,
    /instances\.batch\.ml\.t2\.medium must be an instance type for batch transform/,
  ],
  [
    15,
    'a GPU type',
    product('    ml.c5.4xlarge: 0.80\n', '    ml.g5.xlarge: 0.80\n'),
    /^product\.yaml:\d+$/,
    /must have no GPU: linear-regression computes on CPUs only/,
  ],
  [
    16,
    'a recommended type that is not supported',
    product('training: ml.m5.large', 'training: ml.c5.9xlarge'),
    /^product\.yaml:\d+$/,
    /recommended\.training must be one of instances\.training \(ml\.m5\.large, .*\); received ml\.c5\.9xlarge/,
  ],
  [
    17,
    'a type without a price',
    product('ml.c5.4xlarge: 0.80', 'ml.c5.4xlarge:'),
    /^product\.yaml:\d+$/,
    /instances\.training\.ml\.c5\.4xlarge must have a price in USD per hour/,
  ],
  [
    18,
    'a dimension of an hourly product',
    product('model: hourly', 'model: hourly\n  inference: { dimension: inference.count, price: 1 }'),
    /^product\.yaml:\d+$/,
    /pricing\.inference must not be there: the model is hourly/,
  ],
  [
    19,
    'no word on a licence',
    dataCard('# Data\n\nNo personal data.\n'),
    /^README\.md:1$/,
    /must state the licence of the data/,
  ],
  [
    19,
    'a licence that forbids selling',
    dataCard('Licence: CC BY-NC 4.0. No personal data.\n'),
    /^README\.md:1$/,
    /found "Licence: CC BY-NC 4\.0/,
  ],
  [
    20,
    'no word on personal data',
    dataCard('Terms: CC0\n'),
    /^README\.md:1$/,
    /must say whether there is personal data/,
  ],
  [
    21,
    'a sample that is not there',
    (material) => ({
      ...material,
      sampleData: {
        ...material.sampleData,
        files: (path) => (path.endsWith('01.csv') && path.includes('output') ? [] : material.sampleData.files(path)),
      },
    }),
    /real-time-output\/01\.csv$/,
    /must be there, as the profile names it/,
  ],
  [
    21,
    'no real-time sample',
    profile({ realTime: [] }),
    /validation-profile\.json$/,
    /must have one real-time sample or more/,
  ],
  [
    22,
    'a description of two lines',
    definition((one) => ({ ...one, Description: 'two\nlines' })),
    /^create-algorithm\.json$/,
    /at 'algorithmDescription' failed to satisfy constraint/,
  ],
  [
    23,
    'a hyperparameter that is there twice',
    training({
      SupportedHyperParameters: [
        { Name: 'method', Type: 'FreeText' },
        { Name: 'method', Type: 'FreeText' },
      ],
    }),
    /^the definition of linear-regression$/,
    /hyperparameter "method" must have a name of its own/,
  ],
  [
    24,
    'a GPU type without a word on its driver',
    gpu('training', 'ml.g5.xlarge'),
    /^product\.yaml:\d+$/,
    /instances\.training\.ml\.g5\.xlarge must have no GPU unless gpu\.driver is/,
  ],
  [
    25,
    'a GPU type whose hosts have an older driver',
    gpu('realTime', 'ml.p2.xlarge', { driver: 525 }),
    /^product\.yaml:\d+$/,
    /instances\.realTime\.ml\.p2\.xlarge must have hosts with NVIDIA driver 525 or newer for real-time inference/,
  ],
  [
    26,
    'usage instructions without the hosts of a GPU type',
    gpu('batch', 'ml.g5.xlarge', { driver: 525 }),
    /^product\.yaml:\d+$/,
    /must have its hosts in usage\.md, which has to say: TransformAmiVersion "al2-ami-sagemaker-batch-gpu-535"/,
  ],
  [
    27,
    'an instance type that is not listed, in a text',
    withUsage('ml.m5.large', 'ml.g4dn.xlarge'),
    /^usage\.md:\d+$/,
    /must name only instance types of product\.yaml; found "ml\.g4dn\.xlarge"/,
  ],
  [
    28,
    'instance types for training of a product without training',
    (material) =>
      definition(({ TrainingSpecification: _, ...served }) => served)(
        profile({ holdOut: { path: 'validation', contentType: 'text/csv' } })(
          withDescription('Pipe mode', 'Pipe')(withUsage('Pipe mode', 'Pipe')(material)),
        ),
      ),
    /^product\.yaml:\d+$/,
    /instances\.training must not be there: linear-regression has no training/,
  ],
  [
    29,
    'an output less than buyers have, and the version that they have',
    withPublished((published) => {
      published.definition.Capabilities.Outputs.push({ Name: 'median', Description: '', IsOptional: false });
    }),
    /^the definition of linear-regression$/,
    /^version must be 2\.0\.0 or higher; it is 1\.1\.0 with the changesets, which are minor, .*: output "median" is gone$/,
  ],
  [
    29,
    'a published.json that is none',
    (material) => ({
      ...material,
      history: { ...material.history, publishedFile: 'a.json', publishedProblem: 'a.json must be JSON.' },
    }),
    /^a\.json$/,
    /^must be JSON$/,
  ],
  [
    30,
    'no release notes',
    withPublished((published) => Object.assign(published.definition, { Version: '0.9.0' })),
    /^algorithms\/linear-regression\/CHANGELOG\.md$/,
    /^must have a part "## 1\.0\.0"/,
  ],
  [
    30,
    'the release notes of the version before',
    (material) =>
      withPublished((published) => Object.assign(published.definition, { Version: '0.9.0' }))(
        withProduct(material, 'eula: standard', 'eula: standard\nreleaseNotes: First version.'),
      ),
    /^product\.yaml:\d+$/,
    /^releaseNotes must be of 1\.0\.0; they are those of 0\.9\.0$/,
  ],
  [
    30,
    'release notes that are too long',
    (material) => ({
      ...material,
      history: { ...material.history, changelog: `## 1.0.0\n\n${'x'.repeat(30_001)}\n` },
    }),
    /^algorithms\/linear-regression\/CHANGELOG\.md$/,
    /30000 characters or fewer; they have 30001$/,
  ],
  [
    31,
    'no validation',
    evidence(({ validation }) => ({ validation: { ...validation, value: undefined } })),
    /^validation\.json$/,
    /must be there; it is missing: run algo validate linear-regression$/,
  ],
  [
    31,
    'one that failed',
    validated({ result: 'failed', cause: 'invocations: output 01.csv differs' }),
    /^validation\.json$/,
    /must have passed; it failed: invocations: output 01\.csv differs/,
  ],
  [
    31,
    'one of another definition',
    evidence(({ validation: { value, ...kept } }) => ({
      validation: { ...kept, value: { ...value!, description: { ...value!.description, Version: '0.9.0' } } },
    })),
    /^validation\.json$/,
    /must be of this definition, which has changed since/,
  ],
  [
    31,
    'one of other sample data',
    validated({ digests: { inputs: { 'train/train.csv': '0'.repeat(64) } } }),
    /^validation\.json$/,
    /must be of this sample data; train\/train\.csv has changed since/,
  ],
  [
    31,
    'one of the program before its last build',
    validated({ bundle: 'sha256:9', ...PROCESS }),
    /^validation\.json$/,
    /must be of the program as it is built now, which is another: run algo validate linear-regression$/,
  ],
  [
    32,
    'no metric',
    validated({ metrics: {} }),
    /^validation\.json$/,
    /must have a metric of the training job; it has none/,
  ],
  [
    32,
    'no metric of the model of a package',
    withServedOnly(['Fits 20 rows', 'Has a low RMSE']),
    /^validation\.json$/,
    /must have holdOut in its profile, labelled rows for the report; or description\.md a metric of the model with its value/,
  ],
  [
    32,
    'a metric with a digit in its name and no value',
    withServedOnly(['Has a high F1 score']),
    /^validation\.json$/,
    /must have holdOut in its profile, labelled rows for the report; or description\.md a metric of the model with its value/,
  ],
  [
    32,
    'no latency',
    evidence(({ measurements }) => ({ measurements: { ...measurements, value: undefined } })),
    /^trial\.json$/,
    /it is not measured: run algo validate linear-regression --runner sagemaker/,
  ],
  [
    32,
    'a latency that was measured on this machine',
    evidence(({ measurements: { value, ...kept } }) => ({
      measurements: { ...kept, value: { ...value!, elsewhere: 'on this machine' } },
    })),
    /^trial\.json$/,
    /it is measured on this machine, which is not AWS: run algo validate linear-regression --runner sagemaker/,
  ],
  [
    32,
    'a latency that was measured on another instance type than the recommended one',
    evidence(({ measurements: { value, ...kept } }) => ({
      measurements: { ...kept, value: { ...value!, realTime: { ...value!.realTime!, instanceType: 'ml.c5.xlarge' } } },
    })),
    /^trial\.json$/,
    /^must have the latency on the recommended type; it is measured on ml\.c5\.xlarge: run algo validate linear-regression --runner sagemaker$/,
  ],
  [
    33,
    'an image that is not checked',
    evidence(({ image }) => ({ image: { ...image, value: undefined } })),
    /^check\.json$/,
    /the image is not checked: run algo image check linear-regression/,
  ],
  [
    33,
    'an image with pending updates',
    checked({ name: 'security updates', result: 'failed', text: 'pending: openssl' }),
    /^check\.json$/,
    /must have passed; security updates: pending: openssl/,
  ],
  [
    33,
    'an image that was built after its check',
    validated({ image: { reference: 'linear-regression', id: 'sha256:2', diffIds: ['sha256:2'] } }),
    /^check\.json$/,
    /must be of the image that was validated, which is another/,
  ],
  [
    33,
    'an image of the program before its last build',
    imageCheck({ bundle: 'sha256:9' }),
    /^check\.json$/,
    /must be of an image with the program as it is built now, which is another: run algo image build linear-regression, and run algo image check linear-regression$/,
  ],
  [
    33,
    'a check that does not say which program the image has',
    imageCheck({ bundle: undefined } as unknown as Partial<ImageCheck>),
    /^check\.json$/,
    /must have the digest of the program in the image, which older checks lack: run algo image check linear-regression$/,
  ],
  [
    33,
    'an image that trains and is not checked',
    validated({ trainingImage: TRAINER }),
    /training-image\/linear-regression\/check\.json$/,
    /the image is not checked: run algo image check linear-regression --training --image trainer$/,
  ],
  [
    33,
    'an image that trains and was built after its check',
    trainerChecked({ name: 'platform', result: 'passed', text: 'linux/amd64' }, 'sha256:4'),
    /training-image\/linear-regression\/check\.json$/,
    /must be of the image that was validated, which is another/,
  ],
  [
    34,
    'an image that trains on a system that is discontinued',
    trainerChecked({ name: 'operating system', result: 'failed', text: 'Debian 11 is discontinued' }),
    /training-image\/linear-regression\/check\.json$/,
    /must have a system that is scanned; found: Debian 11 is discontinued/,
  ],
  [
    34,
    'a system that is discontinued',
    checked({ name: 'operating system', result: 'failed', text: 'Debian 11 is discontinued' }),
    /^check\.json$/,
    /must have a system that is scanned; found: Debian 11 is discontinued/,
  ],
  [
    35,
    'a notebook that was not run since it changed',
    evidence(({ notebooks: [first] }) => ({
      notebooks: [{ ...first!, notebook: { ...first!.notebook!, metadata: { executed: { source: 'abcdef' } } } }],
    })),
    /^notebook\.ipynb$/,
    /must have the outputs of its cells, which were not run since the last change: run algo notebook run/,
  ],
  [
    35,
    'a notebook whose output differs from the stored sample',
    evidence(({ notebooks: [first] }) => {
      const cells = [code('', { tags: ['sample-output'], sample: 'data/inference/output/real-time/01.csv' })];
      const executed = [{ ...cells[0]!, execution_count: 1, outputs: [printed('1\n')] }];
      const notebook = { ...first!.notebook!, cells };
      return { notebooks: [{ ...first!, notebook: withOutputs(notebook, { ...notebook, cells: executed }) }] };
    }),
    /^notebook\.ipynb$/,
    /^cell 1: the output must equal data\/inference\/output\/real-time\/01\.csv; at character 1 it has/,
  ],
  [
    35,
    'no notebook',
    evidence(() => ({ notebooks: [] })),
    /^notebooks\/linear-regression$/,
    /must have the notebook that shows complete use/,
  ],
  [
    36,
    'no sample of a class',
    profile({ classNames: { low: 'Low', high: 'High', no: 'No' } }),
    /validation-profile\.json$/,
    /must have a real-time sample of each class; none is predicted to be low, high, no$/,
  ],
  [
    37,
    'no request of a content type',
    profile({
      realTime: [{ input: 'inference/real-time/01.csv', ...CSV, expectedOutput: 'inference/real-time-output/01.csv' }],
      moreTransformJobs: [],
    }),
    /validation-profile\.json$/,
    /must have a request of application\/json among its samples; it has none/,
  ],
  [
    38,
    'an input that leaves a content type out',
    product('application/jsonlines: {"features":[…]} per line', 'JSON Lines: {"features":[…]} per line'),
    /^product\.yaml:\d+$/,
    /input\.description must name application\/jsonlines; it does not/,
  ],
  [
    38,
    'an output of a type that there is not',
    product('text/csv: the outputs of a row', 'text/csv, text/html: the outputs of a row'),
    /^product\.yaml:\d+$/,
    /output\.description must name only content types of the definition; found "text\/html"/,
  ],
  [
    39,
    "the template's address",
    product('support: >-', 'support: >-\n  Write to help@mail.example.com.'),
    /^product\.yaml:\d+$/,
    /^support must have your own address; found "help@mail\.example\.com"$/,
  ],
  [
    39,
    'a link to an example',
    product('notebook: https://github.com/seller/', 'notebook: https://www.example.net/'),
    /^product\.yaml:\d+$/,
    /^links\.notebook must have your own address; found "www\.example\.net"$/,
  ],
];

describe('a listing', () => {
  it('without a mistake has no findings', async () => {
    expect(findingsOf(await flawlessMaterial())).toEqual([]);
  });

  it('of an image without our bundle, or a validation in a container, is not asked for the same digest', async () => {
    const other = imageCheck({ bundle: null })(await flawlessMaterial());
    const inContainer = validated({ bundle: undefined } as unknown as Partial<Validation>)(await flawlessMaterial());

    expect([findingsOf(other), findingsOf(inContainer)]).toEqual([[], []]);
  });

  it.each(FIXTURES)('breaks rule %i, and no other, with %s', async (rule, _, change, place, text) => {
    const changed = change(await flawlessMaterial());
    const findings = findingsOf(rule === 31 ? changed : validatedAgain(changed));

    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    expect(findings[0]).toEqual({
      rule,
      source: RULES[rule - 1]!.source,
      place: expect.stringMatching(place),
      text: expect.stringMatching(text),
    });
  });

  it.each(['R² of 0.93 on the test rows', 'Has an F1 score of 0.9', 'Accuracy: 0.9'])(
    'of a model package has its metric in "%s"',
    async (highlight) => {
      expect(findingsOf(validatedAgain(withServedOnly([highlight])(await flawlessMaterial())))).toEqual([]);
    },
  );

  it.each(['my-example.com', 'example.com.br', 'counterexample.org'])(
    'may have a domain that only looks like an example: %s',
    async (domain) => {
      const change = product('support: >-', `support: >-\n  Write to help@${domain}, or see www.${domain}.`);
      expect(findingsOf(validatedAgain(change(await flawlessMaterial())))).toEqual([]);
    },
  );

  it('may have newer libraries as all its news, after a version with the same', async () => {
    const notes = 'It is built with newer versions of its libraries.';
    const before = (published: Published) =>
      Object.assign(Object.assign(published, { releaseNotes: notes }).definition, { Version: '0.9.0' });
    const { history, ...material } = withPublished(before)(await flawlessMaterial());
    const changelog = '## 1.0.0\n\n### Patch Changes\n\n- Updated dependencies [1a2b3c4]\n  - @algo/contract@1.1.0\n';

    expect(findingsOf({ ...material, history: { ...history, changelog } })).toEqual([]);
  });

  it('has a fixture here for every rule', () => {
    expect([...new Set(FIXTURES.map(([rule]) => rule))]).toEqual(RULES.map((_, i) => i + 1));
  });
});

describe('prices of another model', () => {
  const of = async (pricing: string, more: readonly [RegExp, string] = [/^title: .*/m, 'title: Other']) => {
    const changed = withProduct(await flawlessMaterial(), more[0], more[1]);
    const { product: found } = changed.productFile;
    const model = { ...found!, pricing: JSON.parse(pricing) };
    return findingsOf({ ...changed, productFile: { ...changed.productFile, product: model } }).map(
      (finding) => `${finding.rule}: ${finding.text}`,
    );
  };

  it('per inference need dimension and price, and no price per hour in real time', async () => {
    const findings = await of('{ "model": "per-inference" }');

    expect(findings[0]).toBe('18: pricing.inference must have dimension and price; it is missing');
    expect(findings.slice(1)).toEqual(
      ['ml.m5.large', 'ml.m5.xlarge', 'ml.c5.xlarge'].map(
        (type) =>
          `18: instances.realTime.${type} must have no price per hour: real-time inference is priced per inference`,
      ),
    );
  });

  it('of a free product are refused, and its trial', async () => {
    const findings = await of('{ "model": "free", "freeTrialDays": 7 }');

    expect(findings).toContain('18: pricing.freeTrialDays must not be there: the product is free');
    expect(findings).toContain('18: instances.training.ml.m5.large must have no price: the product is free');
  });
});

describe('our own listings', () => {
  it.each(ALGORITHMS)('lack only what is not public yet, and addresses of a seller: %s', async (algorithm) => {
    const findings = await checkListing(await ownRequestOf(algorithm));

    const written = findings.filter(({ rule }) => rule < 31 || rule > 35); // the others are of what was run on a machine
    const texts = written.map(({ rule, text }) => `${rule}: ${text.replace(/ must.*/, '')}`);
    const links = ['10: links.notebook', '10: links.repository', '10: links.samples'];
    expect(texts).toEqual([...links, '39: support', '39: refunds']);
  });
});
