/** Sample inputs and outputs of a listing: the text itself where it fits and is text, its public address otherwise. */
import type { ValidationProfile } from '@algo/local';
import type { SampleData } from '../material.js';
import { publicPath } from '../notebooks/layout.js';
import { CHARACTERS } from '../product/limits.js';

export interface Sample {
  /** Of the file, below the sample data. */
  readonly path: string;
  readonly text?: string;
  readonly url?: string;
}

export interface Samples {
  readonly realTimeInput: Sample | undefined;
  readonly realTimeOutput: Sample | undefined;
  readonly batchInput: Sample | undefined;
  readonly batchOutput: Sample | undefined;
}

/** The first real-time sample, and the first file of the batch transform. @param base public address of the repository's folder `data` */
export function samplesOf(profile: ValidationProfile, data: SampleData, base: string | undefined): Samples {
  const [realTime] = profile.realTime;
  const open = (path: string | undefined) =>
    path === undefined ? undefined : openSample(path, publicPath(profile, path), data, base);
  const first = (path: string | undefined) => open(path === undefined ? undefined : data.files(path)[0]);
  return {
    realTimeInput: open(realTime?.input),
    realTimeOutput: open(realTime?.expectedOutput),
    batchInput: first(profile.transformJob?.input),
    batchOutput: first(profile.transformJob?.expectedOutput),
  };
}

// --- internal ---

function openSample(path: string, place: string | undefined, data: SampleData, base: string | undefined): Sample {
  const text = textOf(data.read(path));
  if (text !== undefined && text.length <= CHARACTERS.sample) return { path, text };
  return base === undefined || place === undefined ? { path } : { path, url: `${base.replace(/\/+$/, '')}/${place}` };
}

function textOf(bytes: Buffer | undefined): string | undefined {
  if (!bytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n').trimEnd();
  } catch {
    return undefined;
  }
}
