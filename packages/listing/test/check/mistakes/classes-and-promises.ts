/** Mistakes of classes, promises and example addresses: from rule 36 on. */
import { CSV, type Fixture, product, profile } from './changes.js';

export const CLASSES_AND_PROMISES_FIXTURES: readonly Fixture[] = [
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
