/**
 * The formats of rows: one line each. Their order is the order in which messages list them.
 */
import { csvFormat } from './csv/format.js';
import type { Format } from './format.js';
import { jsonFormat, jsonLinesFormat } from './json/format.js';
import { libsvmFormat } from './libsvm/format.js';
import { type MalformedMediaType, type MediaType, parseMediaType, readMediaType } from './media-type.js';
import { npyFormat } from './npy/format.js';
import { parquetFormat } from './parquet/format.js';
import { recordioFormat } from './recordio/format.js';

const FORMATS = [
  jsonFormat,
  jsonLinesFormat,
  csvFormat,
  libsvmFormat,
  parquetFormat,
  recordioFormat,
  npyFormat,
] as const;

type KnownFormat = (typeof FORMATS)[number];
/** A format whose rows a channel may have. */
export type ChannelFormat = Extract<KnownFormat, { readonly channel: object }>;
/** A format that a request may be in. */
export type RequestFormat = Extract<KnownFormat, { readonly request: object }>;
/** A format that an answer may be in. */
export type AnswerFormat = Extract<KnownFormat, { readonly answer: object }>;
/** Every media type that names a format of such a kind. */
export type NameOf<F extends Format> = F['type'] | F['aliases'][number];
/** As a definition may write it: perhaps with parameters, `text/csv; label_size=2`. */
export type DeclaredType<F extends Format> = NameOf<F> | `${NameOf<F>};${string}`;

const has =
  <K extends 'channel' | 'request' | 'answer'>(kind: K) =>
  (format: KnownFormat): format is Extract<KnownFormat, Record<K, object>> =>
    kind in format;

export const CHANNEL_FORMATS: readonly ChannelFormat[] = FORMATS.filter(has('channel'));
export const REQUEST_FORMATS: readonly RequestFormat[] = FORMATS.filter(has('request'));
export const ANSWER_FORMATS: readonly AnswerFormat[] = FORMATS.filter(has('answer'));

/**
 * The one of `formats` that a media type without parameters names, by any of its names.
 * @param type lower case
 */
export function formatOf<F extends Pick<Format, 'type' | 'aliases'>>(
  type: string,
  formats: readonly F[],
): F | undefined {
  return formats.find((format) => format.type === type || format.aliases.includes(type));
}

/** The service's own name of the format that `type` names; `type` itself where it names none. */
export function formatName(type: string): string {
  return formatOf(type, FORMATS)?.type ?? type;
}

/** The media type that `text` names, a format's short name too (`csv`); undefined when it follows neither. */
export function parseContentType(text: string): MediaType | undefined {
  return parseMediaType(text, SHORT_NAMES);
}

/** As `parseContentType`, with what is wrong behind a type that can be read. */
export function readContentType(text: string): MediaType | MalformedMediaType | undefined {
  return readMediaType(text, SHORT_NAMES);
}

// --- internal ---

const SHORT_NAMES: ReadonlyMap<string, string> = new Map(
  FORMATS.flatMap(({ shortNames, type }) => shortNames.map((name) => [name, type] as const)),
);
