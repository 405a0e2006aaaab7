/** The algorithms of this machine, as forms offer them. */
import type { Sample } from '../../../src/console/answers.js';
import type { Members } from '../state/state.js';

/** Names of algorithms that images can be named after. */
export function readAlgorithms(): Promise<readonly string[]> {
  return readJson('algorithms');
}

/** As its program describes it, in the terms of CreateAlgorithm. @throws Error with the program's message */
export function describeAlgorithm(name: string): Promise<Members> {
  return readJson(`algorithm?${new URLSearchParams({ name })}`);
}

export function readSamples(algorithm: string): Promise<readonly Sample[]> {
  return readJson(`samples?${new URLSearchParams({ algorithm })}`);
}

export async function readSample(algorithm: string, index: number): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/_console/sample?${new URLSearchParams({ algorithm, index: `${index}` })}`);
  if (!response.ok) throw new Error(response.statusText);
  return new Uint8Array(await response.arrayBuffer());
}

/** The image by which jobs name an algorithm of this machine. */
export function imageOf(algorithm: string): string {
  return `000000000000.dkr.ecr.us-east-1.amazonaws.com/${algorithm}:latest`;
}

/** The algorithm that an image names. */
export function algorithmOf(image: string): string {
  const last = image.replace(/@.*$/, '').split('/').at(-1) ?? '';
  return last.replace(/:.*$/, '');
}

// --- internal ---

async function readJson<T>(path: string): Promise<T> {
  const response = await fetch(`/_console/${path}`);
  const answer = (await response.json()) as T & { readonly message?: string };
  if (response.ok) return answer;
  throw new Error(answer.message ?? response.statusText);
}
