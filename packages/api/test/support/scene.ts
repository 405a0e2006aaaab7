/** A server of a test's own, with a bucket `data`, and requests as SageMaker's clients send them. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeTree } from '@algo/local';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Api, type ApiOptions, processPrograms, startApi } from '../../src/index.js';

/** The algorithm `sum`: its model is the sum of all numbers it saw, `behave` makes it misbehave. */
export const ALGORITHMS = join(import.meta.dirname, '..', '..', '..', 'local', 'test', 'fixtures');
/** Algorithms of these tests alone. */
export const OWN_ALGORITHMS = join(import.meta.dirname, '..', 'fixtures', 'algorithms');
export const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3';
export const ROLE = 'arn:aws:iam::123456789012:role/service-role/Runner';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each operation has its own
  readonly body: any;
}

export interface Scene {
  readonly folder: string;
  readonly api: Api;
  /** Calls an operation of SageMaker. */
  call(operation: string, input?: unknown): Promise<Answer>;
  /** Calls Describe until the member has a value that ends waiting. Rejects with the answer when that is a refusal. */
  until(operation: string, input: object, isDone: (body: Answer['body']) => boolean): Promise<Answer['body']>;
  /** Calls Describe until it is refused, as when what it names is gone. */
  untilRefused(operation: string, input: object): Promise<Answer['body']>;
  /** Writes objects of the bucket `data`. */
  put(files: Readonly<Record<string, string | Uint8Array>>): void;
  object(key: string): string;
}

/** A folder that is removed when the test is over. */
export function makeFolder(): string {
  const folder = newFolder();
  onTestFinished(() => removeTree(folder));
  return folder;
}

type SceneOptions = Partial<ApiOptions> & { readonly folder?: string };

/** A scene of one test. */
export async function openScene({ folder = makeFolder(), ...options }: SceneOptions = {}): Promise<Scene> {
  const scene = await startScene(folder, options);
  onTestFinished(() => scene.api.close());
  return scene;
}

/** One scene for all tests of a group, which leave nothing in it that another could see. */
export function sharedScene(
  prepare: (scene: Scene) => unknown = () => undefined,
  options: Partial<ApiOptions> = {},
): () => Scene {
  let scene: Scene | undefined;
  beforeAll(async () => {
    scene = await startScene(newFolder(), options);
    await prepare(scene);
  });
  afterAll(async () => {
    await scene?.api.close();
    await removeTree(scene!.folder);
  });
  return () => scene!;
}

/** A folder that its maker removes. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'algo-api-'));
}

/** Between two looks at a job. */
const LOOK_MS = 20;

async function startScene(folder: string, options: Partial<ApiOptions>): Promise<Scene> {
  const bucket = join(folder, 's3', 'data');
  mkdirSync(bucket, { recursive: true });
  const api = await startApi({ dataFolder: folder, programs: processPrograms(ALGORITHMS), ...options });
  const call = (operation: string, input: unknown = {}) => callSageMaker(api.url, operation, input);
  const answered = async (operation: string, input: object, isDone: (answer: Answer) => boolean) => {
    for (;;) {
      const answer = await call(operation, input);
      if (isDone(answer)) return answer.body;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  return {
    folder,
    api,
    call,
    until: (operation, input, isDone) =>
      answered(operation, input, ({ status, body }) => {
        if (status !== 200) throw new Error(`${operation} ${JSON.stringify(input)}: ${JSON.stringify(body)}`);
        return isDone(body);
      }),
    untilRefused: (operation, input) => answered(operation, input, ({ status }) => status !== 200),
    put(files) {
      for (const [key, content] of Object.entries(files)) {
        mkdirSync(dirname(join(bucket, key)), { recursive: true });
        writeFileSync(join(bucket, key), content);
      }
    },
    object: (key) => join(bucket, key),
  };
}

export function callSageMaker(url: string, operation: string, input: unknown): Promise<Answer> {
  return callTarget(url, `SageMaker.${operation}`, input);
}

/** Calls an operation of AWS JSON 1.1. @param target as in X-Amz-Target */
export async function callTarget(url: string, target: string, input: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': target },
    body: typeof input === 'string' ? input : JSON.stringify(input),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** A job that is Completed, with changes. */
export function trainingJob(name: string, changes: object = {}) {
  return {
    TrainingJobName: name,
    AlgorithmSpecification: {
      TrainingImage: IMAGE,
      TrainingInputMode: 'File',
      MetricDefinitions: [{ Name: 'train:sum', Regex: 'train:sum=([-+0-9.e]+)' }],
    },
    RoleArn: ROLE,
    InputDataConfig: [channel('s3://data/train/')],
    OutputDataConfig: { S3OutputPath: 's3://data/out' },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 5 },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
    ...changes,
  };
}

export function channel(uri: string, changes: object = {}, source: object = {}) {
  return {
    ChannelName: 'train',
    ContentType: 'text/csv',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, ...source } },
    ...changes,
  };
}

/** Whether a job has ended. */
export function hasEnded({ TrainingJobStatus }: { readonly TrainingJobStatus: string }): boolean {
  return ['Completed', 'Failed', 'Stopped'].includes(TrainingJobStatus);
}
