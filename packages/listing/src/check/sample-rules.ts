/** Rules of the sample data, which is public with the listing: inputs and outputs of AWS's validation are shown to buyers. */
import { mediaTypeOf, type ValidationProfile } from '@algo/local';
import type { Material } from '../material.js';
import { predictionsIn } from '../report/evaluation/answers.js';
import { Left } from '../report/evaluation/left.js';
import { type Found, matchesIn, type Rule, SOURCES } from './rule.js';

/** Terms that allow publication. */
const OPEN =
  /\bCC0\b|\bCC[- ]BY(?:-SA)?\b|public domain|\bApache\b|\bMIT\b|\bBSD\b|\bODC|\bODbL\b|\bPDDL\b|Open Government Licen[cs]e|\bCDLA\b/i;
/** Terms that do not, or that nobody has stated. */
const CLOSED =
  /without a (?:stated )?licen[cs]e|no (?:stated )?licen[cs]e|non-?commercial|\b(?:BY-)?NC\b|\bND\b|unknown|all rights reserved/i;

export const SAMPLE_RULES: readonly Rule[] = [
  {
    title: 'the data card states a licence that allows publication',
    source: SOURCES.requirements,
    find({ dataCard, sampleData }) {
      if (!dataCard) return [missingCard(sampleData)];
      const terms = matchesIn(dataCard, /^.*\b(?:terms|licen[cs]e)\b.*$/gim);
      const [first] = terms;
      if (!first) return [{ place: `${dataCard.file}:1`, text: 'must state the licence of the data; it has none' }];
      if (terms.some(({ match }) => OPEN.test(match) && !CLOSED.test(match))) return [];
      return [
        { place: first.place, text: `must state a licence that allows publication; found "${first.match.trim()}"` },
      ];
    },
  },
  {
    title: 'the data card says whether the data is personal',
    source: SOURCES.requirements,
    find({ dataCard }) {
      if (!dataCard || /\bpersonal\b/i.test(dataCard.text)) return [];
      return [{ place: `${dataCard.file}:1`, text: 'must say whether there is personal data; the word is not in it' }];
    },
  },
  {
    title: 'the validation profile has a batch transform and real-time samples, and all its files are there',
    source: SOURCES.requirements,
    find: sampleProblems,
  },
];

/** Apart from the others, so that numbers of rules stay. */
export const CLASS_RULES: readonly Rule[] = [
  {
    title: 'a classifier of three classes or more has a real-time sample of each class',
    source: SOURCES.requirements,
    find(material) {
      const { profile, sampleData } = material;
      const classes = profile ? classesOf(profile) : [];
      if (!profile || classes.length < 3) return [];
      const answered = new Set(
        profile.realTime.flatMap((sample) => labelsOf(sampleData.read(sample.expectedOutput), sample)),
      );
      const missing = classes.filter((name) => !answered.has(name));
      if (missing.length === 0) return [];
      const place = `${sampleData.folder}/validation-profile.json`;
      return [
        { place, text: `must have a real-time sample of each class; none is predicted to be ${missing.join(', ')}` },
      ];
    },
  },
  {
    title: 'each content type of requests and of answers has a sample, in real time or in batch',
    source: SOURCES.requirements,
    find: unshownTypes,
  },
];

// --- internal ---

/** Labels as they are in the data; none where the profile does not say what they are. */
function classesOf({ classNames, trainingJob }: ValidationProfile): readonly string[] {
  if (classNames) return Object.keys(classNames);
  const { num_class, num_classes = num_class } = trainingJob?.hyperparameters ?? {};
  return Array.from({ length: Number(num_classes ?? 0) }, (_, i) => String(i));
}

/** Predicted ones; none in an answer of another form. */
function labelsOf(body: Buffer | undefined, { accept }: ValidationProfile['realTime'][number]): readonly string[] {
  if (!body) return [];
  try {
    return predictionsIn(body, accept).map(({ label, labels, scores, score }) => {
      if (label !== undefined) return label;
      if (!scores) return String(score);
      const best = scores.indexOf(scores.reduce((most, one) => Math.max(most, one)));
      return labels?.[best] ?? String(best);
    });
  } catch (error) {
    if (error instanceof Left) return [];
    throw error;
  }
}

function unshownTypes({ profile, definition, sampleData }: Material): readonly Found[] {
  if (!profile) return [];
  const { realTime, transformJob, moreTransformJobs } = profile;
  const { SupportedContentTypes, SupportedResponseMIMETypes } = definition.InferenceSpecification;
  const samples = [...realTime, ...moreTransformJobs, ...(transformJob ? [transformJob] : [])];
  const sent = new Set(samples.map(({ contentType }) => mediaTypeOf(contentType)));
  const answered = new Set(samples.map(({ accept }) => mediaTypeOf(accept)));
  const unshown = [
    ...SupportedContentTypes.filter((type) => !sent.has(type)).map((type) => `a request of ${type}`),
    ...SupportedResponseMIMETypes.filter((type) => !answered.has(type)).map((type) => `an answer of ${type}`),
  ];
  const place = `${sampleData.folder}/validation-profile.json`;
  return unshown.map((sample) => ({ place, text: `must have ${sample} among its samples; it has none` }));
}

function missingCard({ folder }: Material['sampleData']): Found {
  return { place: `${folder}/README.md`, text: 'must be there, with source and licence of the data; it is missing' };
}

function sampleProblems({ profile, profileProblem, sampleData, definition }: Material): readonly Found[] {
  const place = `${sampleData.folder}/validation-profile.json`;
  if (!profile) return [{ place, text: profileProblem ?? 'must be there; it is missing' }];
  const { trainingJob, transformJob, moreTransformJobs, realTime } = profile;
  const paths = [
    ...Object.values(trainingJob?.channels ?? {}).map(({ path }) => path),
    ...(transformJob ? [transformJob.input, transformJob.expectedOutput] : []),
    ...[...moreTransformJobs, ...realTime].flatMap(({ input, expectedOutput }) => [input, expectedOutput]),
  ];
  return [
    ...(definition.TrainingSpecification && !trainingJob
      ? [{ place, text: 'must have a trainingJob; it is missing' }]
      : []),
    ...(transformJob ? [] : [{ place, text: 'must have a transformJob; it is missing' }]),
    ...(realTime.length > 0 ? [] : [{ place, text: 'must have one real-time sample or more; it has none' }]),
    ...paths
      .filter((path) => sampleData.files(path).length === 0)
      .map((path) => ({
        place: `${sampleData.folder}/${path}`,
        text: 'must be there, as the profile names it; it is missing or empty',
      })),
  ];
}
