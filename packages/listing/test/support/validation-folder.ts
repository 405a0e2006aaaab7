/** The folder of a validation, written by hand: what `algo validate` leaves, without running anything. */
import { join } from 'node:path';
import type { FileProgram } from '@algo/local';
import { type Report, writeReport } from '../../src/report/report.js';
import { makeFolder, writeFiles } from './folder.js';

export interface FolderOptions {
  readonly validation?: object;
  readonly profile?: object;
  readonly description?: object;
  /** By path in the validation's folder. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Where the command runs; default: a folder around all of these. */
  readonly from?: string;
  /** Of the page; default: one in a folder of its own. */
  readonly file?: string;
  readonly stop?: AbortSignal;
  /** By path in the algorithm's folder. */
  readonly algorithmFiles?: Readonly<Record<string, string>>;
}

/** A report of that folder. There is no program: a model that must be served makes the test fail. */
export async function reportOf(options: FolderOptions): Promise<Report> {
  const root = makeFolder();
  const { from = root, file = join(root, 'out', 'report.html'), stop } = options;
  const directory = join(root, 'validation');
  const folder = join(root, 'algorithm');
  const description = { ...DESCRIPTION, ...options.description };
  writeFiles(folder, options.algorithmFiles ?? {});
  writeFiles(directory, {
    'validation.json': JSON.stringify({ ...VALIDATION, directory, ...options.validation }),
    'validation-profile.json': JSON.stringify({ ...PROFILE, ...options.profile }),
    'description.json': JSON.stringify(description),
    ...options.files,
  });
  const program: FileProgram = { folder, file: 'none', command: 'false', args: [] };
  return writeReport({
    ...{ program, folder, directory, from, stop, definition: description as never, sampleData: root },
    ...{ checkFolder: join(root, 'image'), workDirectory: join(root, 'work'), file },
    commands: { validate: 'npx algo validate it', report: 'npx algo report it', check: 'npx algo image check it' },
  });
}

// --- internal ---

const DESCRIPTION = {
  ...{ Name: 'it', Version: '1.2.3', Description: 'It does what it says.' },
  InferenceSpecification: { SupportedContentTypes: ['text/plain'], SupportedResponseMIMETypes: ['text/plain'] },
  Capabilities: { SupportsGpu: false, Outputs: [], Inputs: [], Answers: [] },
};

const VALIDATION = {
  ...{ algorithm: 'it', version: '1.2.3', result: 'passed', startedAt: '2026-01-02T03:04:05.678Z', seconds: 1.5 },
  steps: [{ step: 'endpoint', result: 'passed', seconds: 0.5, text: '/ping 200' }],
  ...{ metrics: {}, versions: { local: '0.1.0' }, digests: { inputs: {} } },
};

const PROFILE = { realTime: [], relativeTolerance: 1e-9, metricBounds: {} };
