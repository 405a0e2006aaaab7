/**
 * The API with real clients: prints a table of client × step with versions; a step that failed or is missing fails the run.
 * `npm run test:clients --workspace @algo/api`. Clients of Python come from PyPI into an
 * environment of their own, those of JavaScript from npm, by javascript/package-lock.json.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PYTHON_VARIABLES, pythonEnvironment } from '@algo/bench';
import { authorityFiles, processPrograms, startApi } from '../../dist/index.js';
import { PYTHON_PACKAGES } from './python-packages.ts';

interface Line {
  readonly versions?: Readonly<Record<string, string>>;
  readonly step?: string;
  readonly ok?: boolean;
  readonly detail?: string;
}

const execute = promisify(execFile);
const HERE = import.meta.dirname;
const ROOT = join(HERE, '..', '..', '..', '..');
const FIXTURES = join(ROOT, 'packages', 'local', 'test', 'fixtures');

/** Each with its script, and the algorithms of its server: those of the fixtures where it says nothing. */
const CLIENTS: readonly (readonly [client: string, script: string, algorithms?: string])[] = [
  ['boto3', 'boto3_client.py'],
  ['boto3 as in README.md', 'readme_client.py', join(ROOT, 'algorithms')],
  ['boto3 with S3', 's3_client.py'],
  ['boto3 with CloudWatch', 'cloudwatch_client.py'],
  ['boto3 with ECR', 'ecr_client.py'],
  ['boto3 with the catalog', 'catalog_client.py'],
  ["SageMaker's Python SDK", 'sagemaker_sdk_client.py'],
  ['AWS CLI', 'aws_cli_sagemaker_client.py'],
  ['AWS CLI with the other services', 'aws_cli_client.py'],
  ['JavaScript SDK', 'sagemaker_client.js'],
  ['JavaScript SDK with S3', 's3_client.js'],
];

const python = await pythonEnvironment(PYTHON_PACKAGES, (line) => console.log(line));
if (!python.binDirectory) throw new Error(python.missing(PYTHON_PACKAGES) ?? 'Python is missing.');
const javaScript = await installJavaScript();

let isGood = true;
for (const [client, script, algorithms = FIXTURES] of CLIENTS) {
  const lines = await withServer(algorithms, (variables) => runClient(script, variables));
  const versions = lines.find((line) => line.versions)?.versions ?? {};
  console.log(`\n${client} (${Object.entries(versions).flat().join(' ')})`);
  const steps = lines.filter(({ step }) => step !== undefined);
  for (const { step, ok, detail = '' } of steps) console.log(`  ${step!.padEnd(24)} ${ok ? 'ok' : `FAILED ${detail}`}`);
  if (steps.length === 0) console.log('  no step ran');
  isGood &&= steps.length > 0 && steps.every(({ ok }) => ok);
}
process.exitCode = isGood ? 0 : 1;

// --- internal ---

/** A server with these algorithms and numbers that add up to 10 in s3://data/train/. */
async function withServer<T>(algorithms: string, use: (variables: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-clients-'));
  mkdirSync(join(folder, 's3', 'data', 'train'), { recursive: true });
  writeFileSync(join(folder, 's3', 'data', 'train', 'a.csv'), '1,2\n3,4\n');
  const api = await startApi({
    dataFolder: folder,
    programs: processPrograms(algorithms),
    onError: (error) => console.error(error),
  });
  try {
    return await use({
      ...{ AWS_ENDPOINT_URL: api.url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
      // As "algo up --env" prints them.
      ...{ HTTPS_PROXY: api.url, HTTP_PROXY: api.url, NO_PROXY: '127.0.0.1,localhost' },
      ...{ AWS_CA_BUNDLE: authorityFiles(folder).bundle, SSL_CERT_FILE: authorityFiles(folder).bundle },
      ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_EC2_METADATA_DISABLED: 'true' },
    });
  } finally {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Installs the packages of javascript/, with its scripts, outside of the clone. */
async function installJavaScript(): Promise<string> {
  const source = join(HERE, 'javascript');
  const lock = readFileSync(join(source, 'package-lock.json'));
  const folder = join(
    homedir(),
    '.cache',
    'algo-clients',
    createHash('sha256').update(lock).digest('hex').slice(0, 12),
  );
  cpSync(source, folder, { recursive: true });
  if (!existsSync(join(folder, 'node_modules'))) await execute('npm', ['ci', '--ignore-scripts'], { cwd: folder });
  return folder;
}

async function runClient(script: string, variables: NodeJS.ProcessEnv): Promise<readonly Line[]> {
  const isPython = script.endsWith('.py');
  const program = isPython ? join(python.binDirectory!, 'python') : process.execPath;
  const { stdout } = await execute(program, [join(isPython ? HERE : javaScript, script)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...PYTHON_VARIABLES, ...variables },
  });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}
