/**
 * Names of a content type's parameters. One that nobody reads is most likely misspelt, and `lable=price` would train on
 * another column without a word: a channel refuses it. Clients add parameters of their own to requests, so there only
 * a name close to one that is read is refused.
 */
import { ClientError } from '../errors.js';
import { nearest } from '../hyperparameters/nearest.js';
import { quoted } from '../visible.js';
import type { MediaType } from './media-type.js';

/**
 * @param known names that the format reads in channels
 * @param owner as messages begin: `Channel "train"`
 * @throws ClientError E_CONTENT_TYPE for a name that is neither among `known` nor a standard one
 */
export function checkChannelParameters(mediaType: MediaType, known: readonly string[], owner: string): void {
  const name = unknownNames(mediaType, known)[0];
  if (name !== undefined) throw unknown(mediaType, name, known, owner);
}

/**
 * @param known names that the format reads in requests
 * @throws ClientError E_CONTENT_TYPE for a name that most likely means one of `known`
 */
export function checkRequestParameters(mediaType: MediaType, known: readonly string[], owner: string): void {
  const name = unknownNames(mediaType, [...known, ...OF_CHANNELS]).find((name) => nearest(name, known) !== undefined);
  if (name !== undefined) throw unknown(mediaType, name, known, owner);
}

// --- internal ---

/** Parameters of media types in general, which say nothing about rows. */
const STANDARD = ['charset', 'boundary', 'profile', 'version'];
/** Read in channels: a client may send the content type of its training data. */
const OF_CHANNELS = ['label', 'label_size', 'text_columns'];

function unknownNames({ parameters }: MediaType, known: readonly string[]): string[] {
  return Object.keys(parameters).filter((name) => !known.includes(name) && !STANDARD.includes(name));
}

function unknown({ type }: MediaType, name: string, known: readonly string[], owner: string): ClientError {
  const meant = nearest(name, known);
  const rest = meant === undefined ? `; ${type} has: ${known.join(', ')}.` : `; did you mean ${quoted(meant)}?`;
  return new ClientError('E_CONTENT_TYPE', `${owner}: unknown parameter ${quoted(name)} of the content type${rest}`);
}
