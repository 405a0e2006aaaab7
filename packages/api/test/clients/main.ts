/**
 * The API with real clients, as `algo up` serves it: a table of step × client with versions, then the other services. A step
 * that failed fails the run, and so does one that a client has left out. `npm run test:clients --workspace @algo/api`; names
 * of scripts after `--` run those only.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAlgoUp } from './algo-up.ts';
import { type Installed, installClients } from './installed.ts';
import { startLossyFront } from './lossy-front.ts';
import { LISTED_SAMPLES, type MadeAlgorithm, makeAlgorithm, ROOT } from './made-algorithm.ts';
import { allSteps, formatList, formatTable, isComplete, type Report, readReport } from './report.ts';

type Client = readonly [client: string, script: string];

/** Of the table: each goes through all of SageMaker. */
const SAGEMAKER: readonly Client[] = [
  ['boto3', 'boto3_sagemaker.py'],
  ['AWS CLI', 'aws_cli_sagemaker.py'],
  ['JavaScript SDK', 'sagemaker.js'],
  ["SageMaker's Python SDK", 'python_sdk.py'],
];
const OTHERS: readonly Client[] = [
  ["README.md's programs", 'readme.py'],
  ['S3, STS and IAM with boto3', 'boto3_s3.py'],
  ['CloudWatch with boto3', 'boto3_cloudwatch.py'],
  ['ECR with boto3', 'boto3_ecr.py'],
  ["Marketplace's catalog with boto3", 'boto3_catalog.py'],
  ['S3, CloudWatch, STS and IAM with the AWS CLI', 'aws_cli_other_services.py'],
  ['S3 with the JavaScript SDK', 's3.js'],
  ['A bidirectional stream over HTTP/2, by the codec of the JavaScript SDK', 'bidirectional.js'],
  ['The documents of "algo listing" with the JavaScript SDK', 'listing.js'],
  ['The documents of "algo listing" with boto3', 'boto3_listing.py'],
  ['The stacks of "algo listing" with AWS CDK', 'cdk.js'],
  ['The script and templates of "algo listing" with the AWS CLI', 'aws_cli_listing.py'],
];
/** As made_algorithm.py and its counterpart in JavaScript name it. */
const QUOTA = ['--quota', 'ml.m5.24xlarge=1'];

const folder = mkdtempSync(join(tmpdir(), 'algo-clients-'));
try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// --- internal ---

async function main(only: readonly string[]): Promise<boolean> {
  for (const name of ['clients', 'workspace', 'data']) mkdirSync(join(folder, name));
  const [installed, made] = await Promise.all([
    installClients(join(folder, 'clients')),
    makeAlgorithm(join(folder, 'workspace')),
  ]);
  const isAsked = ([, script]: Client) => only.length === 0 || only.includes(script);
  const asked = [...SAGEMAKER, ...OTHERS].filter(isAsked);
  const reports = await eachOf(asked, (client) => report(client, installed, made));
  const table = reports.slice(0, SAGEMAKER.filter(isAsked).length);
  const others = reports.slice(table.length);
  if (table.length > 0) console.log(formatTable(table));
  if (others.length > 0) console.log(`\n${formatList(others)}`);
  return table.every((one) => isComplete(one, allSteps(table))) && others.every((one) => isComplete(one));
}

/** Results in the order of the items; as many at a time as there are processors, since each is two processes that wait. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** A client with a server of its own, and numbers that add up to 10 in s3://data/train/. */
async function report([client, script]: Client, installed: Installed, made: MadeAlgorithm): Promise<Report> {
  const data = join(folder, 'data', script);
  const numbers = join(data, 's3', 'data', 'train');
  mkdirSync(numbers, { recursive: true });
  writeFileSync(join(numbers, 'a.csv'), '1,2\n3,4\n');
  const api = await startAlgoUp(made.workspace, data, QUOTA);
  const front = await startLossyFront(api.url);
  try {
    const output = await installed.run(script, {
      ...api.variables,
      AWS_EC2_METADATA_DISABLED: 'true',
      SAMPLE_DATA: made.sampleData,
      DESCRIPTION: made.descriptionFile,
      LISTING: made.listing,
      LISTING_SAMPLES: LISTED_SAMPLES,
      LOSSY_URL: front.url,
      NODE: process.execPath,
      TYPES: join(ROOT, 'node_modules', '@types'),
      TYPESCRIPT: join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
      README: join(ROOT, 'packages', 'api', 'README.md'),
    });
    return readReport(client, output);
  } finally {
    await front.close();
    await api.close();
  }
}
