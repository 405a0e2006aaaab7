/**
 * Where the sample data is in a listing's public repository: the folders of AWS's templates of notebooks
 * (aws/amazon-sagemaker-examples, curating_aws_marketplace_listing_and_sample_notebook).
 *
 *     an algorithm                                    a model package
 *     data/train, data/test                           data/input/real-time, data/input/batch
 *     data/inference/input/real-time, …/batch         data/output/real-time, data/output/batch
 *     data/inference/output/real-time, …/batch
 */
import { basename } from 'node:path';
import type { ValidationProfile } from '@algo/local';

/** Channels whose folder has another name there. */
const FOLDERS: Readonly<Record<string, string>> = { validation: 'test' };

/** Of the rows of `samples.csv`: what is sent for each answer in real time. */
const SAMPLES_HEADER = ['input', 'content_type', 'accept', 'output'] as const;

export function channelFolder(channel: string): string {
  return `data/${FOLDERS[channel] ?? channel}`;
}

export function inferenceFolder(profile: ValidationProfile): string {
  return profile.trainingJob ? 'data/inference' : 'data';
}

/** Sources below the sample data, files or folders, with their places; a folder's files are directly in its place. */
export function sampleCopies(profile: ValidationProfile): readonly (readonly [from: string, to: string])[] {
  const inference = inferenceFolder(profile);
  const { trainingJob, transformJob, moreTransformJobs, realTime } = profile;
  return [
    ...Object.entries(trainingJob?.channels ?? {}).map(([name, { path }]) => [path, channelFolder(name)] as const),
    ...realTime.flatMap(({ input, expectedOutput }) => [
      [input, `${inference}/input/real-time/${basename(input)}`] as const,
      [expectedOutput, `${inference}/output/real-time/${basename(expectedOutput)}`] as const,
    ]),
    ...(transformJob
      ? [
          [transformJob.input, `${inference}/input/batch`] as const,
          [transformJob.expectedOutput, `${inference}/output/batch`] as const,
        ]
      : []),
    ...moreTransformJobs.flatMap(({ input, expectedOutput }) => [
      [input, `${inference}/input/${basename(input)}`] as const,
      [expectedOutput, `${inference}/output/${basename(input)}`] as const,
    ]),
  ];
}

/** The path below the sample data of a file of the repository; undefined for one that is no copy. */
export function sampleSource(profile: ValidationProfile, path: string): string | undefined {
  for (const [from, to] of sampleCopies(profile)) {
    if (path === to) return from;
    if (path.startsWith(`${to}/`)) return `${from}${path.slice(to.length)}`;
  }
  return undefined;
}

/** Where a file of the sample data is in the repository's folder `data`; undefined for one that is not copied there. */
export function publicPath(profile: ValidationProfile, path: string): string | undefined {
  for (const [from, to] of sampleCopies(profile)) {
    if (path === from) return to.slice(DATA.length);
    if (path.startsWith(`${from}/`)) return `${to}${path.slice(from.length)}`.slice(DATA.length);
  }
  return undefined;
}

/** `samples.csv`, in the folder of inference. */
export function samplesTable({ realTime }: ValidationProfile): string {
  const rows = realTime.map(({ input, contentType, accept, expectedOutput }) => [
    ...[basename(input), contentType, accept, basename(expectedOutput)],
  ]);
  return [SAMPLES_HEADER, ...rows].map((row) => `${row.map(csvField).join(',')}\n`).join('');
}

// --- internal ---

const DATA = 'data/';

function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
