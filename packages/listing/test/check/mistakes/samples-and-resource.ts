/** Mistakes of samples, the resource and GPUs: rules 19 to 26. */
import { dataCard, definition, type Fixture, gpu, profile, training } from './changes.js';

export const SAMPLES_AND_RESOURCE_FIXTURES: readonly Fixture[] = [
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
];
