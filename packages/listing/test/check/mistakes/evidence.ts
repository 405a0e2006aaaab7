/** Mistakes of metrics, image and notebooks: rules 32 to 35. */
import type { ImageCheck } from '@algo/local';
import { withOutputs } from '../../../src/notebooks/outputs.js';
import { code, printed } from '../../support/notebooks.js';
import {
  checked,
  evidence,
  type Fixture,
  imageCheck,
  TRAINER,
  trainerChecked,
  validated,
  withServedOnly,
} from './changes.js';

export const EVIDENCE_FIXTURES: readonly Fixture[] = [
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
];
