/** The files of a channel on this machine, or an error that says why there are none. */
import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../environment.js';
import { ClientError, messageOf, PlatformError } from '../errors.js';
import { shortened } from '../visible.js';
import type { ChannelFile } from './channel.js';
import { type FileKind, listDataFiles } from './files.js';

type Paths = Environment['paths'];

/** What is in a folder; nothing where there is none. */
export function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new PlatformError('E_ENVIRONMENT', `${directory} could not be read: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * @param isShard whether this host has a share of the objects only: fewer objects than hosts leave some without any
 * @throws ClientError E_CHANNEL when there is none, except in a shard
 */
export function filesOf(
  name: string,
  kind: FileKind,
  { data }: Pick<Paths, 'data'>,
  isShard: boolean,
): readonly ChannelFile[] {
  const directory = join(data, name);
  const skipped: string[] = [];
  const files = entriesOf(directory).length > 0 ? listDataFiles(directory, kind, skipped) : [];
  if (files.length === 0 && !isShard) throw withoutFiles(name, directory, skipped);
  return files.map((file) => ({ name: file, path: join(directory, file) }));
}

// --- internal ---

/** More names say no more. */
const SHOWN_FILES = 5;

function withoutFiles(name: string, directory: string, skipped: readonly string[]): ClientError {
  const shown = skipped
    .slice(0, SHOWN_FILES)
    .map((path) => shortened(path))
    .join(', ');
  const more = skipped.length > SHOWN_FILES ? ` and ${skipped.length - SHOWN_FILES} more` : '';
  const advice =
    skipped.length > 0
      ? `the files there have names that begin with "_" or ".", like markers and uncommitted copies: ${shown}${more}. Rename the data files.`
      : "Check the channel's S3 URI; hidden, empty and marker objects are ignored.";
  return new ClientError(
    'E_CHANNEL',
    `Channel "${name}" has no files in ${directory}${skipped.length > 0 ? ': ' : '. '}${advice}`,
  );
}
