/**
 * A seller's account: the API on this machine, and a product of the algorithm `sum` of the tests of @algo/local, which is quick:
 * its model is the sum of the numbers it saw, its prediction a row's sum plus that.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processPrograms, startApi } from '@algo/api';
import { type AlgorithmDescription, type ImageSource, removeTree } from '@algo/local';
import { onTestFinished } from 'vitest';
import type { Around } from '../../src/publish/clients.js';
import type { PublishRequest } from '../../src/publish/context.js';
import { writeFiles } from './folder.js';
import { productText, ROOT, replaceIn } from './product.js';

export interface Account {
  readonly url: string;
  readonly folder: string;
  /** Objects of a bucket, by key. */
  objects(bucket?: string): readonly string[];
  request(changes?: Partial<PublishRequest> & { readonly around?: Around }): PublishRequest;
}

const BUCKET = 'sagemaker-us-east-1-000000000000';
/** Between two looks at a job of this machine. */
const LOOK_MS = 40;

/** @param files of the algorithm's folder `listing`, besides or in the place of its product.yaml */
export async function openAccount(files: Readonly<Record<string, string>> = {}): Promise<Account> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-publish-'));
  const algorithms = join(folder, 'algorithms');
  cpSync(join(ROOT, 'packages', 'local', 'test', 'fixtures', 'sum'), join(algorithms, 'sum'), { recursive: true });
  writeFiles(join(algorithms, 'sum', 'listing'), { 'product.yaml': PRODUCT, ...files });
  const sampleData = join(folder, 'sample-data', 'sum');
  writeFiles(sampleData, SAMPLES);
  const api = await startApi({
    dataFolder: join(folder, 'api'),
    programs: processPrograms(algorithms),
    changeSetStepMs: LOOK_MS,
    onlyMadeRoles: true,
    onError: (error) => console.error(error),
  });
  onTestFinished(async () => {
    await api.close();
    await removeTree(folder);
  });
  const image = imageOf(folder, 'sum');
  return {
    ...{ url: api.url, folder },
    objects(bucket = BUCKET) {
      const root = join(folder, 'api', 's3', bucket);
      return readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .filter((key) => !key.startsWith('.'))
        .sort();
    },
    request: ({ around, ...changes } = {}) => ({
      folder: join(algorithms, 'sum'),
      definition: DEFINITION,
      ...{ sampleData, image, from: folder, lookMs: LOOK_MS, measuredRequests: 3 },
      directory: join(folder, '.algo', 'publish', 'sum'),
      trialDirectory: join(folder, '.algo', 'sagemaker-validation', 'sum'),
      clients: {
        ...{ region: 'us-east-1', endpoint: api.url },
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        ...(around && { around }),
      },
      ...changes,
    }),
  };
}

/** An image of one layer, another one for each name. Nothing runs it: the API has the program of its name. */
export function imageOf(folder: string, name: string): ImageSource {
  const blob = (file: string, content: Buffer) => {
    const path = join(folder, `${name}-${file}`);
    writeFileSync(path, content);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    return { digest, bytes: content.length, path };
  };
  const config = blob('config.json', Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', author: name })));
  const layer = blob('layer.tar.gz', readFileSync(join(ROOT, 'LICENSE')));
  const type = (kind: string) => `application/vnd.docker.${kind}`;
  const mediaType = type('distribution.manifest.v2+json');
  const part = (kind: string, { digest, bytes }: typeof config) => ({ mediaType: type(kind), digest, size: bytes });
  const manifest = {
    ...{ schemaVersion: 2, mediaType, config: part('container.image.v1+json', config) },
    layers: [part('image.rootfs.diff.tar.gzip', layer)],
  };
  return {
    name,
    content: async () => ({ diffIds: [layer.digest], bundle: undefined }),
    isImage: async (digest) => digest === config.digest,
    open: (use) => use({ manifest: Buffer.from(JSON.stringify(manifest)), mediaType, blobs: [config, layer] }),
  };
}

// --- internal ---

/** What `sum describe` prints, in this version. */
const DEFINITION: AlgorithmDescription = {
  Name: 'sum',
  Version: '1.2.3',
  Description: 'Adds numbers',
  TrainingSpecification: {
    SupportedHyperParameters: [{ Name: 'behave', Type: 'FreeText' }],
    TrainingChannels: [
      {
        Name: 'train',
        IsRequired: true,
        SupportedContentTypes: ['text/csv'],
        SupportedCompressionTypes: ['None'],
        SupportedInputModes: ['File'],
      },
    ],
    MetricDefinitions: [{ Name: 'train:sum', Regex: 'train:sum=([-+0-9.e]+)' }],
    SupportsDistributedTraining: false,
  },
  InferenceSpecification: { SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] },
  Capabilities: {
    ...{ SupportsGpu: false, Inputs: [], Answers: [] },
    Outputs: [{ Name: 'sum', Description: 'The sum.', IsOptional: false }],
  },
} as unknown as AlgorithmDescription;

const PRODUCT = replaceIn(productText('linear-regression'), /^title: .*$/m, 'title: Sums');

const SAMPLES: Readonly<Record<string, string>> = {
  'train/numbers.csv': '1,2\n3,4\n', // a model of 10
  'batch/a.csv': '1\n2\n',
  'batch-output/a.csv.out': '11\n12\n',
  'real-time/one.csv': '5,6\n',
  'real-time-output/one.csv': '21',
  'validation-profile.json': JSON.stringify({
    trainingJob: { channels: { train: { path: 'train', contentType: 'text/csv' } }, maxRuntimeInSeconds: 600 },
    transformJob: { input: 'batch', contentType: 'text/csv', accept: 'text/csv', expectedOutput: 'batch-output' },
    realTime: [
      {
        ...{ input: 'real-time/one.csv', contentType: 'text/csv', accept: 'text/csv' },
        expectedOutput: 'real-time-output/one.csv',
      },
    ],
  }),
};
