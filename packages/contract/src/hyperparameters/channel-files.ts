/**
 * Hyperparameters from the files of a channel, for what is too long for a job (2,500 characters a value) or too much (100
 * values): each file is an object of JSON, whose values are read as the job's own are. The job's own come before them.
 */
import { readFileSync, statSync } from 'node:fs';
import type { FileChannelDefinition } from '../channels/channel.js';
import { entriesOf, filesOf } from '../channels/channel-files.js';
import type { Environment } from '../environment.js';
import { ClientError } from '../errors.js';
import { checkJson } from '../payloads/check-json.js';
import { checkJsonBounds } from '../payloads/json-bounds.js';
import { quoted } from '../visible.js';

/** The channel as it is published. */
export const hyperparameterChannel: FileChannelDefinition = {
  description:
    'Hyperparameters that are too long or too many for the job itself: JSON files, each an object of values by name. Those of the job come before them.',
  content: 'files',
  contentTypes: ['application/json'],
  inputModes: ['File'],
  compressionTypes: ['None'],
};

export interface ReceivedHyperparameters {
  readonly values: Readonly<Record<string, string>>;
  /** Where each value comes from that is not the job's own: the file, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The job's hyperparameters, and those of the channel's files that it does not have itself.
 * @param channel its name; undefined: the algorithm has none
 * @param warn gets a sentence for each value of a file that the job's own replaces
 * @throws ClientError E_HYPERPARAMETER for a file that breaks a rule, naming it
 */
export function readHyperparameters(
  channel: string | undefined,
  environment: Pick<Environment, 'hyperparameters' | 'inputDataConfig' | 'paths'>,
  warn: (sentence: string) => void = () => undefined,
): ReceivedHyperparameters {
  const own = environment.hyperparameters;
  if (channel === undefined || !isThere(channel, environment)) return { values: own, files: new Map() };
  const files = new Map<string, string>();
  const values: Record<string, string> = {};
  let bytes = 0;
  for (const { name: file, path } of filesOf(channel, 'files', environment.paths, false)) {
    const label = `${channel}/${file}`;
    bytes += statSync(path).size;
    if (bytes > MAX_BYTES) throw refused(label, `all files together must have at most ${MAX_BYTES} bytes`, 'more');
    for (const [name, value] of Object.entries(parse(readFileSync(path), label))) {
      const text = textOf(name, value, label);
      const other = files.get(name);
      if (other !== undefined) throw refused(label, `${quoted(name)} must be in one file`, `it in ${other}, too`);
      files.set(name, label);
      if (!Object.hasOwn(own, name)) values[name] = text;
      else warn(`hyperparameter ${quoted(name)} of the job is used, and not the one in ${label}.`);
    }
  }
  return { values: { ...values, ...own }, files: new Map([...files].filter(([name]) => Object.hasOwn(values, name))) };
}

// --- internal ---

/** The largest structures that people put into hyperparameters have some hundred kilobytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A job that says nothing of its channels has those whose folders are there. */
function isThere(channel: string, { inputDataConfig, paths }: Pick<Environment, 'inputDataConfig' | 'paths'>): boolean {
  const config = inputDataConfig[channel];
  if (config) return config.TrainingInputMode === 'File'; // any other is refused with the channels
  return Object.keys(inputDataConfig).length === 0 && entriesOf(paths.data).some(({ name }) => name === channel);
}

function parse(bytes: Buffer, label: string): object {
  let value: unknown;
  try {
    checkJsonBounds(bytes);
    checkJson(bytes);
    value = JSON.parse(bytes.toString('utf8').replace(BYTE_ORDER_MARK, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^request:? ?/, '') : String(error);
    throw new ClientError('E_HYPERPARAMETER', `${label}: ${reason}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw refused(label, 'a file must be an object of JSON', quoted(JSON.stringify(value)));
}

const BYTE_ORDER_MARK = /^\ufeff/;

/** As a job would have it. */
function textOf(name: string, value: unknown, label: string): string {
  if (value === null) {
    throw refused(label, `${quoted(name)} must have a value`, 'null. Leave it out for its default');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function refused(label: string, rule: string, received: string): ClientError {
  return new ClientError('E_HYPERPARAMETER', `${label}: ${rule}; received ${received}.`);
}
