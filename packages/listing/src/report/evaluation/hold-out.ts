/**
 * Labelled rows that a model is measured on, taken apart: the label of each row, and the features as they are sent. The label
 * is the first column, as SageMaker has it in training data.
 */
import { readFileSync } from 'node:fs';
import { ArgumentError, listFiles, mediaTypeOf, splitFields, type ValidationProfile } from '@algo/local';
import type { ValidationRecord } from '../record.js';
import { Left } from './left.js';

export interface HoldOut {
  /** As the profile names it. */
  readonly path: string;
  /** Where it is from: a channel of the training job, whose metrics were measured on it, or data of its own. */
  readonly channel: string | undefined;
  readonly task: 'regression' | 'classification' | undefined;
  /** As they are written, without quotes. */
  readonly labels: readonly string[];
  /** [rows × columns], as they are written. */
  readonly features: readonly (readonly string[])[];
  /** Rows beyond the limit, which are left out. */
  readonly omitted: number;
}

/** Rows; more would take minutes. */
const MAX_ROWS = 5000;
const CHANNEL = 'validation';

/** @throws Left where there are no labelled rows, or in a format that the report does not read */
export function readHoldOut({ profile, input }: ValidationRecord): HoldOut {
  const { path, channel, contentType, task } = place(profile);
  const rows = readRows(input(path), contentType, path);
  const [first] = rows;
  if (!first) throw new Left(`${path} has no rows.`);
  if (first.length < 2) throw new Left(`${path} has one column: there is a label or a feature, not both.`);
  const uneven = rows.findIndex((row) => row.length !== first.length);
  if (uneven >= 0) {
    throw new Left(`row ${uneven + 1} of ${path} has ${rows[uneven]!.length} columns, the first has ${first.length}.`);
  }
  const labelled = rows.filter(([label]) => unquoted(label!) !== '');
  if (labelled.length === 0) throw new Left(`no row of ${path} has a label.`);
  const used = labelled.slice(0, MAX_ROWS);
  return {
    ...{ path, channel, task },
    labels: used.map(([label]) => unquoted(label!)),
    features: used.map((row) => row.slice(1)),
    omitted: labelled.length - used.length,
  };
}

/** Whether the content type says that the first line names the columns. */
export function hasHeader(contentType: string): boolean {
  return /;\s*header\s*=\s*"?present"?\s*(;|$)/i.test(contentType);
}

export function unquoted(field: string): string {
  const text = field.trim();
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

// --- internal ---

/** The rows of a file or folder of CSV, without their header where the content type says that there is one. */
function readRows(path: string, contentType: string, name: string): readonly (readonly string[])[] {
  if (mediaTypeOf(contentType) !== 'text/csv') throw new Left(`${name} is ${contentType}; only text/csv is read here.`);
  return listFiles(path, name).flatMap((file) => {
    const lines = readFileSync(file.path, 'utf8').split(/\r?\n/);
    const rows = hasHeader(contentType) ? lines.slice(1) : lines;
    return rows.filter((line) => line.trim() !== '').map((line) => fieldsOf(line, name));
  });
}

function fieldsOf(line: string, name: string): readonly string[] {
  try {
    return splitFields(line);
  } catch (error) {
    if (error instanceof ArgumentError) throw new Left(`${name}: ${error.message}`);
    throw error;
  }
}

interface Place {
  readonly path: string;
  readonly channel: string | undefined;
  readonly contentType: string;
  readonly task: HoldOut['task'];
}

function place({ holdOut, trainingJob }: ValidationProfile): Place {
  if (holdOut) {
    const { path, contentType, task } = holdOut;
    return { path, channel: undefined, contentType, task };
  }
  const channel = trainingJob?.channels[CHANNEL];
  if (!channel) {
    throw new Left(
      'there are no labelled rows to measure on: neither holdOut in the validation profile nor a channel named validation.',
    );
  }
  const { path, contentType = 'text/csv', compressionType = 'None', recordWrapperType = 'None' } = channel;
  if (compressionType !== 'None' || recordWrapperType !== 'None' || channel.attributeNames) {
    throw new Left(`the channel ${CHANNEL} is compressed or in records; only plain files are read here.`);
  }
  return { path, channel: CHANNEL, contentType, task: undefined };
}
