/** The names of what a trial makes: all begin with the same letters, so that what a killed one has left is found. */
import type { PublishContext } from '../context.js';

export interface TrialNames {
  /** Of the model, the endpoint, its configuration, the jobs: `NAME-1-0-0-trial-TOKEN`. */
  readonly name: string;
  /** Of its outputs, without a slash at the end. */
  readonly storage: string;
}

/** @param now decides on the token: a transform job's name is taken for ever */
export function trialNames(context: PublishContext, now: number): TrialNames {
  const token = now.toString(36).slice(-TOKEN_CHARACTERS);
  return { name: `${trialPrefix(context)}${token}`, storage: `${trialStorage(context)}/${token}` };
}

/** When the trial of a name began, in ms. */
export function trialTime(name: string): number {
  return Number.parseInt(name.slice(-TOKEN_CHARACTERS), 36);
}

/** Of all names of trials of this version. */
export function trialPrefix({ source }: PublishContext): string {
  const end = '-trial-';
  const room = NAME_CHARACTERS - end.length - TOKEN_CHARACTERS - SUFFIX_CHARACTERS;
  return `${source.seller.resource.slice(0, room).replace(/-+$/, '')}${end}`;
}

/** Of the outputs of all trials of this version, those of a trial alone too. */
export function trialStorage({ source }: PublishContext): string {
  return `${source.seller.storage}/trial`;
}

// --- internal ---

/** AWS's limit of these names. */
const NAME_CHARACTERS = 63;
/** The time in ms, up to the year 2059. */
const TOKEN_CHARACTERS = 8;
/** Room is left for a suffix such as `-more-12`. */
const SUFFIX_CHARACTERS = 8;
