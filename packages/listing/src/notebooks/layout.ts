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

/** Where the data of a channel is in the repository's folder `data`: its folder, or the one file in it. @param path below the sample data */
export function channelPlace(channel: string, path: string, isSourceFolder: (path: string) => boolean): string {
  const place = channelFolder(channel).slice(DATA.length);
  return isSourceFolder(path) ? place : `${place}/${basename(path)}`;
}

export function inferenceFolder(profile: ValidationProfile): string {
  return profile.trainingJob ? 'data/inference' : 'data';
}

export interface SampleCopy {
  /** Below the sample data: a file, or a folder, whose files are directly in the place. */
  readonly from: string;
  readonly to: string;
  /** Whether the place is a folder in each case: one file is in it by its name. */
  readonly isFolder: boolean;
}

export function sampleCopies(profile: ValidationProfile): readonly SampleCopy[] {
  const inference = inferenceFolder(profile);
  const { trainingJob, transformJob, moreTransformJobs, realTime } = profile;
  return [
    ...Object.entries(trainingJob?.channels ?? {}).map(([name, { path }]) => folder(path, channelFolder(name))),
    ...realTime.flatMap(({ input, expectedOutput }) => [
      same(input, `${inference}/input/real-time/${basename(input)}`),
      same(expectedOutput, `${inference}/output/real-time/${basename(expectedOutput)}`),
    ]),
    ...(transformJob
      ? [
          folder(transformJob.input, `${inference}/input/batch`),
          folder(transformJob.expectedOutput, `${inference}/output/batch`),
        ]
      : []),
    ...moreTransformJobs.flatMap(({ input, expectedOutput }) => [
      same(input, `${inference}/input/${basename(input)}`),
      same(expectedOutput, `${inference}/output/${basename(input)}`),
    ]),
  ];
}

/** The path below the sample data of a file of the repository; undefined for one that is no copy. @param isSourceFolder of a path there */
export function sampleSource(
  profile: ValidationProfile,
  path: string,
  isSourceFolder: (path: string) => boolean,
): string | undefined {
  for (const { from, to, isFolder } of sampleCopies(profile)) {
    if (path === to) return from;
    if (isFolder && path === `${to}/${basename(from)}` && !isSourceFolder(from)) return from;
    if (path.startsWith(`${to}/`)) return `${from}${path.slice(to.length)}`;
  }
  return undefined;
}

/** Where a file of the sample data is in the repository's folder `data`; undefined for one that is not copied there. */
export function publicPath(profile: ValidationProfile, path: string): string | undefined {
  for (const { from, to, isFolder } of sampleCopies(profile)) {
    if (path === from) return (isFolder ? `${to}/${basename(from)}` : to).slice(DATA.length);
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

function folder(from: string, to: string): SampleCopy {
  return { from, to, isFolder: true };
}

/** A file or a folder, as the source is. */
function same(from: string, to: string): SampleCopy {
  return { from, to, isFolder: false };
}

function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
