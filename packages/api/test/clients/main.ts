/**
 * The API with real clients: prints a table of client × step with versions; a step that failed or is missing fails the run.
 * `npm run test:clients --workspace @algo/api`. Clients of Python come from PyPI into an environment of their own.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PYTHON_VARIABLES, pythonEnvironment } from '@algo/bench';
import { processPrograms, startApi } from '../../dist/index.js';

interface Line {
  readonly versions?: Readonly<Record<string, string>>;
  readonly step?: string;
  readonly ok?: boolean;
  readonly detail?: string;
}

const execute = promisify(execFile);
const HERE = import.meta.dirname;
const ALGORITHMS = join(HERE, '..', '..', '..', 'local', 'test', 'fixtures');

const python = await pythonEnvironment(['boto3'], (line) => console.log(line));
if (!python.binDirectory) throw new Error(python.missing(['boto3']) ?? 'Python is missing.');

let isGood = true;
for (const [client, script] of [['boto3', 'boto3_client.py']] as const) {
  const lines = await withServer((variables) => runPython(script, variables));
  const versions = lines.find((line) => line.versions)?.versions ?? {};
  console.log(`\n${client} (${Object.entries(versions).flat().join(' ')})`);
  const steps = lines.filter(({ step }) => step !== undefined);
  for (const { step, ok, detail = '' } of steps) console.log(`  ${step!.padEnd(24)} ${ok ? 'ok' : `FAILED ${detail}`}`);
  if (steps.length === 0) console.log('  no step ran');
  isGood &&= steps.length > 0 && steps.every(({ ok }) => ok);
}
process.exitCode = isGood ? 0 : 1;

// --- internal ---

/** A server with the algorithm `sum` and numbers that add up to 10 in s3://data/train/. */
async function withServer<T>(use: (variables: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-clients-'));
  mkdirSync(join(folder, 's3', 'data', 'train'), { recursive: true });
  writeFileSync(join(folder, 's3', 'data', 'train', 'a.csv'), '1,2\n3,4\n');
  const api = await startApi({
    dataFolder: folder,
    programs: processPrograms(ALGORITHMS),
    onError: (error) => console.error(error),
  });
  try {
    return await use({
      ...{ AWS_ENDPOINT_URL: api.url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_EC2_METADATA_DISABLED: 'true' },
    });
  } finally {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runPython(script: string, variables: NodeJS.ProcessEnv): Promise<readonly Line[]> {
  const { stdout } = await execute(join(python.binDirectory!, 'python'), [join(HERE, script)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...PYTHON_VARIABLES, ...variables },
  });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}
