/**
 * The API reference: what the packages' entry points export, with its docs' first words, as API Extractor reads it from the
 * emitted declarations. The reports are committed, so that a change of the API is seen in a review.
 *
 *   npm run api     builds the packages and rewrites the reports
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { ROOT } from './workspaces.ts';

interface EntryPoint {
  /** Of the package, from the root. */
  readonly folder: string;
  /** The declarations of an entry point, in the package. */
  readonly declarations: string;
  /** The committed report, from the root. */
  readonly report: string;
}

export const ENTRY_POINTS: readonly EntryPoint[] = [
  { folder: 'packages/contract', declarations: 'dist/index.d.ts', report: 'docs/api/contract.api.md' },
  { folder: 'packages/contract', declarations: 'dist/testing/index.d.ts', report: 'docs/api/contract-testing.api.md' },
  { folder: 'packages/contract', declarations: 'dist/web-socket.d.ts', report: 'docs/api/contract-web-socket.api.md' },
  { folder: 'packages/numerics', declarations: 'dist/index.d.ts', report: 'docs/api/numerics.api.md' },
];

/** The report of an entry point as it is built now. @throws Error when its declarations cannot be read */
export function readApi(entry: EntryPoint): string {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    writeReport(entry, folder);
    return readFileSync(join(folder, 'report.api.md'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// --- internal ---

/** Its own TypeScript, the last one in JavaScript, reads what TypeScript 7 has emitted. */
const COMPILER_OPTIONS = {
  ...{ target: 'ES2024', lib: ['ES2024'], module: 'NodeNext', moduleResolution: 'NodeNext' },
  ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true },
  ...{ types: ['node'], typeRoots: [join(ROOT, 'node_modules', '@types')] },
};

const SILENT = { default: { logLevel: ExtractorLogLevel.None } };

let state: CompilerState | undefined;

/** What TypeScript knows of all entry points: to read the declarations that they share is most of the work. */
function compilerState(): CompilerState {
  const [first, ...others] = ENTRY_POINTS;
  const additionalEntryPoints = others.map(pathOf);
  state ??= CompilerState.create(configOf(first!, tmpdir()), { additionalEntryPoints });
  return state;
}

function pathOf({ folder, declarations }: EntryPoint): string {
  return join(ROOT, folder, declarations);
}

function configOf({ folder, declarations }: EntryPoint, target: string): ExtractorConfig {
  const projectFolder = join(ROOT, folder);
  const entry = join(projectFolder, declarations);
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder,
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: 'report',
        reportFolder: target,
        reportTempFolder: join(target, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: SILENT,
        tsdocMessageReporting: SILENT,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, 'package.json'),
  });
}

function writeReport(entry: EntryPoint, target: string): void {
  const messages: string[] = [];
  const { errorCount } = Extractor.invoke(configOf(entry, target), {
    compilerState: compilerState(),
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) messages.push(message.text);
    },
  });
  if (errorCount > 0)
    throw new Error(`${pathOf(entry)} must be readable declarations; received ${messages.join('; ')}`);
}

if (import.meta.main) {
  for (const entry of ENTRY_POINTS) {
    writeFileSync(join(ROOT, entry.report), readApi(entry));
    console.log(entry.report);
  }
}
