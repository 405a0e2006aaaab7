/**
 * Parses the values of options. Anything that does not parse is wrong usage.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ChannelInput } from '@algo/local';
import { InvalidArgumentError } from 'commander';

/** `name=value` pairs of a repeatable option. */
export type Pairs = Readonly<Record<string, string>>;

/** Collects a repeatable option. @param form what each must look like, for the error */
export function pairsLike(form: string): (text: string, before?: Pairs) => Pairs {
  return (text, before = {}) => {
    const at = text.indexOf('=');
    if (at < 1) throw new InvalidArgumentError(`It must be ${form}.`);
    const name = text.slice(0, at);
    if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`"${name}" is given twice.`);
    return { ...before, [name]: text.slice(at + 1) };
  };
}

/** Collects a repeatable `NAME=VALUE`. */
export const collectPair = pairsLike('NAME=VALUE');

/** Collects a repeatable `NAME=PATH`: the path of a channel, which may not be empty. */
export function collectChannel(text: string, before?: Pairs): Pairs {
  if (text.endsWith('=')) throw new InvalidArgumentError('It must be NAME=PATH; the path is empty.');
  return collectPair(text, before);
}

/** A whole number in a range. */
export function integerIn(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be an integer in [${low}, ${high}].`);
  };
}

/**
 * `path` or `path:content-type`. Without a content type the channel has none: the program finds it from the files.
 * @param from the folder that a relative path starts at
 */
export function parseChannel(text: string, from: string): ChannelInput {
  const { path, contentType } = splitContentType(text, from);
  return { path: resolve(from, path), ...(contentType !== undefined && { contentType }) };
}

/**
 * Hyperparameters of a JSON file, as strings.
 * @throws InvalidArgumentError when it is not one JSON object
 */
export function readHyperparameters(path: string): Pairs {
  const entries = Object.entries(readJsonObject('--hyperparameters', path));
  return Object.fromEntries(
    entries.map(([name, item]) => [name, typeof item === 'string' ? item : JSON.stringify(item)]),
  );
}

/**
 * The JSON object in a file.
 * @param option that gave the path
 * @throws InvalidArgumentError when it is not one JSON object
 */
export function readJsonObject(option: string, path: string): Readonly<Record<string, unknown>> {
  // No isFile(): a shell gives what a command prints as a pipe.
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true) {
    throw new InvalidArgumentError(`${option}: there is no file ${path}. Check the path.`);
  }
  return parseJsonObject(path, readFileSync(path, 'utf8'));
}

/** @param what has the text: names it in the error */
export function parseJsonObject(what: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`${what} must be JSON: ${reason}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidArgumentError(`${what} must contain one JSON object of names and values.`);
}

// --- internal ---

/** A colon begins a content type only where a media type or a short name follows and no file has that whole name. */
function splitContentType(text: string, from: string): { readonly path: string; readonly contentType?: string } {
  const found =
    /^(.+?):((?:[a-z]+\/[a-z0-9.+-]+|csv|json|jsonlines|(?:x-)?(?:libsvm|npy|parquet|recordio-protobuf))(?:\s*;.*)?)$/i.exec(
      text,
    );
  if (!found || existsSync(resolve(from, text))) return { path: text };
  return { path: found[1]!, contentType: found[2]! };
}
