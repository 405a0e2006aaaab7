/**
 * Incremental training: the model of an earlier job, from a channel that holds its archive or its files. What such a model
 * must have in common with the job is a table of rules; the first one that is broken is the error.
 */
import { createHash } from 'node:crypto';
import type { Communicator } from '../cluster/communicator.js';
import { ClientError } from '../errors.js';
import type { Categories } from '../formats/categories/categories.js';
import type { ImportedModel, ModelFolder } from '../model/model.js';
import { columnsOf, readerOf, unpackFiles } from './archive.js';
import type { Channel } from './channel.js';

/** The one model of a channel, its files by name. */
export interface StartModel extends Pick<ModelFolder, 'read' | 'readJson'> {
  /** The file that the model was found by. */
  readonly file: string;
  /** `model/network.json`, as errors name it. */
  readonly label: string;
  /** Names of its features, where its manifest has them: the job's columns are matched with them. */
  readonly featureNames: readonly string[] | undefined;
  /** Names of categories, where its manifest has them: those that the job's columns of text are coded by. */
  readonly categories: Categories | undefined;
}

/** A job that continues from a model. */
export interface StartModelJob {
  /** All of them continue from it. */
  readonly hosts: Communicator;
  /** The hosts' names, by rank. */
  readonly names: readonly string[];
}

/**
 * @param find   the files that are models, among those of the channel
 * @param wanted what must be there, as the error says it
 * @param job    whose hosts all call this; default: one host
 * @throws ClientError E_CHANNEL unless there is exactly one, the same on each host; E_DATA_COMPRESSED, E_MODEL for a damaged archive
 */
export function openStartModel(
  channel: Pick<Channel, 'name' | 'isShard' | 'files'>,
  find: (files: Pick<ImportedModel, 'names' | 'readStart'>) => readonly string[],
  wanted: string,
  job?: StartModelJob,
): StartModel {
  const files = unpackFiles(channel);
  const names = [...files.keys()];
  if (names.length === 0 && channel.isShard) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${channel.name}" must be on all hosts, since each continues from the model; this one has nothing of it. Leave out ShardedByS3Key, and name all groups in InstanceGroupNames.`,
    );
  }
  const readStart = (name: string, bytes: number) => Buffer.from(files.get(name)!.subarray(0, bytes));
  const [file, ...others] = find({ names, readStart });
  if (file === undefined || others.length > 0) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${channel.name}" must contain ${wanted}; received ${names.join(', ') || 'nothing'}.`,
    );
  }
  if (job && job.hosts.size > 1) requireSameFiles(channel.name, files, job);
  return {
    file,
    label: `${channel.name}/${file}`,
    ...columnsOf(files, `${channel.name}/`),
    ...readerOf(files, `${channel.name}/`),
  };
}

/** What a start model must share with the job: its name, what the job has, what the model has. */
export type FittingRule = readonly [name: string, wanted: unknown, found: unknown];

/** @throws ClientError E_MODEL naming the first rule in which the two differ; `undefined` counts as "none" */
export function requireFitting(label: string, rules: readonly FittingRule[]): void {
  const broken = rules.find(([, wanted, found]) => textOf(wanted) !== textOf(found));
  if (!broken) return;
  const [name, wanted, found] = broken;
  throw new ClientError(
    'E_MODEL',
    `${label}: the start model must have ${name} ${textOf(wanted)}, as this job has; received ${textOf(found)}.`,
  );
}

/** @throws ClientError E_DATA_COLUMNS when the rows do not have the columns of the start model */
export function requireStartColumns(
  channel: string,
  wanted: { readonly columns: number; readonly labelCount?: number },
  found: { readonly columns: number; readonly labelCount?: number },
): void {
  const isSame = (name: 'columns' | 'labelCount') => wanted[name] === undefined || wanted[name] === found[name];
  if (isSame('columns') && isSame('labelCount')) return;
  const rule = wanted.labelCount === undefined ? '' : `${wanted.labelCount} label and `;
  const received = wanted.labelCount === undefined ? '' : `${found.labelCount} and `;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `Channel "${channel}" must have ${rule}${wanted.columns} feature columns, as the start model has; received ${received}${found.columns}.`,
  );
}

// --- internal ---

/** Hosts that continue from different models would make different calls of MPI, or a model that is none. */
function requireSameFiles(
  channel: string,
  files: ReadonlyMap<string, Uint8Array>,
  { hosts, names }: StartModelJob,
): void {
  const own = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const all = hosts.gatherValues(own.map(([name, content]) => `${name} (SHA-256 ${digestOf(content)})`).join(', '));
  const other = all.findIndex((text) => text !== all[0]);
  if (other < 0) return;
  throw new ClientError(
    'E_CHANNEL',
    `Channel "${channel}" must have the same files on all hosts, since each continues from the model; ${names[0]} has ${all[0]}, and ${names[other]} has ${all[other]}.`,
  );
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** Lists are compared by their entries. */
function textOf(value: unknown): string {
  return value === undefined ? 'none' : String(value) || 'none';
}
