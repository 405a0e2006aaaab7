/**
 * Which format a request is in and which one its answer gets (RFC 9110, sections 8.3 and 12.5.1). Among what the caller
 * accepts, the highest weight wins, then the more exact range, then the caller's order.
 */
import type { Algorithm } from '../algorithm.js';
import { AlgorithmError, ClientError, PlatformError } from '../errors.js';
import type { Format, RequestReader } from '../formats/format.js';
import {
  ANSWER_FORMATS,
  type AnswerFormat,
  formatOf,
  parseContentType,
  REQUEST_FORMATS,
  type RequestFormat,
  readContentType,
} from '../formats/formats.js';
import type { MediaType } from '../formats/media-type.js';
import { checkRequestParameters } from '../formats/parameters.js';
import type { AnswerDefinition, InputDefinition } from '../payloads/definition.js';
import { EVENT_LINES, EVENT_STREAM } from './event-stream.js';
import { shorten } from './message.js';
import { remembered } from './remembered.js';

/** An input or answer of the algorithm's own, found by its type as a format is. */
interface Own<D> {
  readonly type: string;
  readonly aliases: readonly string[];
  readonly own: D;
}

export type InputFormat = RequestFormat | Own<InputDefinition>;
export type OutputFormat = AnswerFormat | Own<AnswerDefinition>;

/** The formats of a serving program, fixed at start. */
export interface Negotiation {
  /** @throws ClientError E_CONTENT_TYPE */
  inputFormat(contentType: string | undefined, contentEncoding?: string | undefined): NegotiatedInput;
  /** @throws ClientError E_REQUEST_ACCEPT listing what can be written */
  outputFormat(accept: string | undefined): NegotiatedOutput;
}

export interface NegotiatedInput {
  readonly format: InputFormat;
  /** The format with the caller's parameters. */
  readonly mediaType: MediaType;
}

export interface NegotiatedOutput {
  readonly format: OutputFormat;
  /** What `predict` gets: the format with the caller's parameters, without the weight. */
  readonly accept: MediaType;
  /** The answer's Content-Type, by the name that the caller used. */
  readonly contentType: string;
}

export type Payloads = Pick<Algorithm, 'contentTypes' | 'inputs' | 'answers'>;

/**
 * Formats of rows come before the algorithm's own payloads; the first of all is the default.
 * @param defaultAccept SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT
 * @throws PlatformError when `defaultAccept` cannot be written, AlgorithmError on a content type that is not ours
 */
export function createNegotiation({ contentTypes, inputs, answers }: Payloads, defaultAccept?: string): Negotiation {
  const readable = [...formatsOf(contentTypes.input, REQUEST_FORMATS), ...ownOf(inputs)];
  const writable = withEvents([...formatsOf(contentTypes.output, ANSWER_FORMATS), ...ownOf(answers)]);
  const fallback = readDefaultAccept(defaultAccept, writable);
  const readInput = remembered((contentType) => negotiateInput(contentType, undefined, readable));
  const chooseAnswer = remembered((accept) => chooseOutput(accept, writable, fallback));
  return {
    inputFormat: (contentType, contentEncoding) =>
      contentEncoding === undefined ? readInput(contentType) : negotiateInput(contentType, contentEncoding, readable),
    outputFormat: chooseAnswer,
  };
}

// --- internal ---

function ownOf<D>(definitions: Readonly<Record<string, D>>): Own<D>[] {
  return Object.entries(definitions).map(([type, own]) => ({ type, aliases: [], own }));
}

/**
 * Without JSON Lines, and without events of the algorithm's own, events carry the first answer that a schema describes: each
 * part of it is a line, too.
 */
function withEvents(outputs: readonly OutputFormat[]): readonly OutputFormat[] {
  if (outputs.some(({ type }) => type === EVENT_LINES || type === EVENT_STREAM)) return outputs;
  const first = outputs.find((output) => 'own' in output && 'schema' in output.own);
  return outputs.map((output) =>
    output === first && 'own' in output ? { ...output, aliases: [EVENT_STREAM] } : output,
  );
}

type Named = Pick<Format, 'type' | 'aliases'>;

/** As messages list formats. */
function listOf(formats: readonly Named[]): string {
  return formats.map(({ type }) => type).join(', ');
}

function formatsOf<F extends Format>(declared: readonly string[], formats: readonly F[]): F[] {
  return declared.map((text) => {
    const format = formatOf(parseContentType(text)?.type ?? '', formats);
    if (format) return format;
    const known = listOf(formats);
    throw new AlgorithmError('E_ALGORITHM', `contentTypes of inference must be among ${known}; received "${text}".`);
  });
}

function readDefaultAccept(text: string | undefined, outputs: readonly OutputFormat[]): NegotiatedOutput {
  const mediaType = text === undefined ? { type: outputs[0]!.type, parameters: {} } : parseContentType(text);
  const format = mediaType && outputs.find((output) => isName(mediaType.type, output));
  if (mediaType && format) return describe(format, mediaType);
  throw new PlatformError(
    'E_ENVIRONMENT',
    `Variable SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT must be one of ${listOf(outputs)}; received "${text}".`,
  );
}

function describe(format: OutputFormat, { type, parameters }: MediaType): NegotiatedOutput {
  return { format, accept: { type: format.type, parameters }, contentType: type };
}

function negotiateInput(
  contentType: string | undefined,
  contentEncoding: string | undefined,
  inputs: readonly InputFormat[],
): NegotiatedInput {
  if (contentEncoding !== undefined && !/^(identity)?$/i.test(contentEncoding)) {
    throw new ClientError(
      'E_CONTENT_TYPE',
      `Header Content-Encoding must be gzip, zstd or identity; received "${shorten(contentEncoding)}".`,
    );
  }
  if (!contentType) return { format: inputs[0]!, mediaType: { type: inputs[0]!.type, parameters: {} } };
  const mediaType = readContentType(contentType);
  const format = mediaType && formatOf(mediaType.type, inputs);
  if (!mediaType || !format) {
    const hint =
      mediaType?.type === FORM ? ' A client such as curl sends it unless the request names a Content-Type.' : '';
    throw new ClientError(
      'E_CONTENT_TYPE',
      `Header Content-Type must be one of ${listOf(inputs)}; received "${shorten(contentType)}".${hint}`,
    );
  }
  if ('problem' in mediaType) {
    throw new ClientError('E_CONTENT_TYPE', `Header Content-Type: ${mediaType.type}: ${mediaType.problem}.`);
  }
  if (!('own' in format)) {
    const { parameters = [] }: RequestReader = format.request;
    checkRequestParameters(mediaType, parameters, 'Header Content-Type');
  }
  const { parameters } = mediaType;
  // A decoder of the algorithm's own gets the parameters and may read any charset.
  const isDecoded = 'own' in format && 'decode' in format.own;
  const { charset = 'utf-8' } = parameters;
  if (isDecoded || /^(utf-?8|us-ascii)$/i.test(charset))
    return { format, mediaType: { type: format.type, parameters } };
  throw new ClientError(
    'E_CONTENT_TYPE',
    `Header Content-Type: charset must be utf-8; received "${shorten(charset)}".`,
  );
}

/** What curl's `--data` sends. */
const FORM = 'application/x-www-form-urlencoded';

/** One entry of an Accept header. */
interface Range {
  readonly mediaType: MediaType;
  readonly weight: number;
  /** 2: one type; 1: `text/*`; 0: any. */
  readonly exactness: 0 | 1 | 2;
}

function chooseOutput(
  accept: string | undefined,
  outputs: readonly OutputFormat[],
  fallback: NegotiatedOutput,
): NegotiatedOutput {
  if (accept === undefined || accept.trim() === '') return fallback;
  const ranges = splitList(accept).map((text) => readRange(text, accept));
  const preferred = [fallback.format, ...outputs.filter((format) => format !== fallback.format)];
  let best: { readonly range: Range; readonly format: OutputFormat } | undefined;
  for (const format of preferred) {
    const range = mostExact(ranges, format);
    if (range && range.weight > 0 && (!best || compare(range, best.range, ranges) < 0)) best = { range, format };
  }
  if (!best) {
    const writable = listOf(outputs);
    throw new ClientError(
      'E_REQUEST_ACCEPT',
      `Header Accept must allow one of ${writable}; received "${shorten(accept)}".`,
    );
  }
  return carryParameters(best.format, best.range, fallback);
}

/** A wildcard names no type, so the answer goes under the default's own name and with its parameters where it is that. */
function carryParameters(format: OutputFormat, range: Range, fallback: NegotiatedOutput): NegotiatedOutput {
  if (range.exactness === 2) return describe(format, range.mediaType);
  const isFallback = format === fallback.format;
  const parameters = { ...(isFallback ? fallback.accept.parameters : {}), ...range.mediaType.parameters };
  return describe(format, { type: isFallback ? fallback.contentType : format.type, parameters });
}

/** The range that speaks for `format`: the most exact one; of equals the heaviest, then the first. */
function mostExact(ranges: readonly Range[], format: OutputFormat): Range | undefined {
  const group = `${format.type.slice(0, format.type.indexOf('/'))}/*`;
  let found: Range | undefined;
  for (const range of ranges) {
    const { type } = range.mediaType;
    if (type !== '*/*' && type !== group && !isName(type, format)) continue;
    const isBetter =
      !found ||
      range.exactness > found.exactness ||
      (range.exactness === found.exactness && range.weight > found.weight);
    if (isBetter) found = range;
  }
  return found;
}

/** Whether a caller who accepts `type` gets `format`: lines of JSON also as events. */
function isName(type: string, format: Named): boolean {
  return formatOf(type, [format]) !== undefined || (type === EVENT_STREAM && format.type === EVENT_LINES);
}

/** Negative when `a` is to be preferred. */
function compare(a: Range, b: Range, ranges: readonly Range[]): number {
  return b.weight - a.weight || b.exactness - a.exactness || ranges.indexOf(a) - ranges.indexOf(b);
}

/** Java's own HTTP client sends `*; q=.2`, so a lone star and a bare fraction are read too. */
function readRange(text: string, accept: string): Range {
  const mediaType = parseContentType(text.replace(/^\s*\*(?=\s*(;|$))/, '*/*'));
  const { q = '1', ...parameters } = mediaType?.parameters ?? {};
  if (!mediaType || !/^(0(\.\d*)?|\.\d+|1(\.0*)?)$/.test(q)) {
    throw new ClientError(
      'E_REQUEST_ACCEPT',
      `Header Accept must be a list such as "text/csv, application/json;q=0.5"; received "${shorten(accept)}".`,
    );
  }
  const exactness = mediaType.type === '*/*' ? 0 : mediaType.type.endsWith('/*') ? 1 : 2;
  return { mediaType: { type: mediaType.type, parameters }, weight: Number(q), exactness };
}

/** The entries of a header list; a comma in quotes does not separate, an empty entry does not count. */
function splitList(text: string): string[] {
  const entries = text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return entries.filter((entry) => entry.trim() !== '');
}
