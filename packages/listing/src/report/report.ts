/**
 * The buyer's page: one HTML file about the last validation of a product. The validation's folder has the facts; the model is
 * served again only to measure it on rows with labels.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { JobError, type Program } from '@algo/local';
import { type ListingRequest, readMaterial } from '../material.js';
import { evaluate } from './evaluation/evaluate.js';
import { find } from './evaluation/left.js';
import { pageOf } from './page/page.js';
import { profileData } from './profile/data-profile.js';
import { readOwnImportance } from './profile/own-importance.js';
import { readRecord } from './record.js';
import { dataSection } from './sections/data.js';
import { headerOf } from './sections/header.js';
import { hyperparameterSection } from './sections/hyperparameters.js';
import { imageSection } from './sections/image.js';
import { importanceSection } from './sections/importance.js';
import { productSection } from './sections/product.js';
import { qualitySection } from './sections/quality.js';
import { sampleSection } from './sections/samples.js';
import { logSection, reproduceSection, stepSection } from './sections/steps.js';
import { trainingSection } from './sections/training.js';

export interface ReportRequest extends ListingRequest {
  readonly program: Program;
  /** Of the validation. */
  readonly directory: string;
  /** Of the last `algo image check`. */
  readonly checkFolder: string;
  /** For the server's files; removed afterwards. */
  readonly workDirectory: string;
  /** The HTML file; its folder is made where it is missing. */
  readonly file: string;
  /** As the page says them. */
  readonly commands: { readonly validate: string; readonly report: string; readonly check: string };
  readonly stop?: AbortSignal | undefined;
  /** Gets what is done next, for a progress line. */
  readonly onStage?: ((stage: string) => void) | undefined;
}

export interface Report {
  readonly file: string;
  readonly bytes: number;
  /** Parts that are left out, each with its reason. */
  readonly leftOut: readonly { readonly part: string; readonly reason: string }[];
}

/**
 * @throws ArgumentError when there is no validation, with the command that makes one
 * @throws JobError when it is stopped, before it writes the file
 */
export async function writeReport(request: ReportRequest): Promise<Report> {
  const { directory, commands, file, program, workDirectory, stop, onStage } = request;
  const record = readRecord(directory, commands.validate);
  const { profile, description } = record;
  const material = await readMaterial({ ...request, definition: description });
  onStage?.('profile of the training data');
  const data = await find(() => profileData(record));
  onStage?.('predictions of the hold-out');
  const evaluation = await find(() => evaluate({ record, program, workDirectory, stop }));
  const own = await find(() => readOwnImportance(record));
  if (stop?.aborted) throw new JobError('stopped');
  const scrub = scrubOf([directory, request.from]);
  const text = pageOf({
    ...headerOf(record, material, evaluation),
    sections: [
      qualitySection(profile, evaluation),
      importanceSection(profile, evaluation, own),
      trainingSection(record),
      dataSection(profile, data),
      sampleSection(record),
      productSection(description, material),
      hyperparameterSection(record),
      stepSection(record, scrub),
      imageSection(record, request.checkFolder, commands.check),
      logSection(record, scrub),
      reproduceSection(record, [commands.validate, commands.report]),
    ],
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const parts = { 'Training data': data, 'Quality of predictions': evaluation } as const;
  const leftOut = Object.entries(parts).flatMap(([part, found]) =>
    'value' in found ? [] : [{ part, reason: found.reason }],
  );
  return { file, bytes: Buffer.byteLength(text), leftOut };
}

// --- internal ---

/** Folders of this machine become `.`; the root is no such folder, as each path begins with it. */
function scrubOf(folders: readonly string[]): (text: string) => string {
  const own = folders.filter((folder) => dirname(folder) !== folder);
  return (text) => own.reduce((rest, folder) => rest.replaceAll(folder, '.'), text);
}
