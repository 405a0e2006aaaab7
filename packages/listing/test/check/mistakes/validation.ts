/** Mistakes of the validation: rule 31. */
import { evidence, type Fixture, PROCESS, validated } from './changes.js';

export const VALIDATION_FIXTURES: readonly Fixture[] = [
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
];
