/**
 * The log of a container: every line of both streams in one file, divided like the platform's log agent does, and the
 * newest ones in memory for messages. Paths are those that the platform's containers have. A full disk ends no container:
 * its log ends in the file then, and continues for who listens.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { reasonOf } from '../errors.js';
import { makeFolder } from '../files/folder.js';
import type { ContainerOptions } from './container.js';
import { asOnPlatform, type OptMl } from './opt-ml.js';

export interface ContainerLog {
  /** At most 20. */
  readonly lastLines: readonly string[];
  /** Takes everything that a stream gives, in whole lines. */
  read(stream: Readable): void;
  close(): void;
}

const LAST_LINES = 20;
/** CloudWatch's limit for one event; a longer line is cut here too, so that a program cannot fill our memory. */
const LINE_MAX_CHARS = 256 * 1024;

export function openContainerLog(
  { logFile, logHead }: Pick<ContainerOptions, 'logFile' | 'logHead'>,
  tree: Pick<OptMl, 'base'>,
  onLine?: (line: string) => void,
): ContainerLog {
  makeFolder(dirname(logFile));
  const file = openSync(logFile, 'w');
  const lastLines: string[] = [];
  let isCut = false;
  const publish = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    onLine?.(line);
  };
  const keep = (line: string) => {
    try {
      if (!isCut) writeSync(file, `${line}\n`);
    } catch (error) {
      isCut = true;
      publish(`The log's file ends here, as it cannot be written: ${reasonOf(error)}.`);
    }
  };
  const write = (written: string) => {
    const line = asOnPlatform(written, tree);
    keep(line);
    publish(line);
  };
  if (logHead !== undefined) keep(logHead);
  return {
    lastLines,
    read: (stream) => readLines(stream, write),
    close: () => closeSync(file),
  };
}

// --- internal ---

function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (rest.length > LINE_MAX_CHARS) {
      onLine(rest);
      rest = '';
    }
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.once('end', () => {
    take(decoder.end());
    if (rest !== '') onLine(rest);
  });
}
