/** Batch transform: how a server wants to be called, and records that must agree. */
import { mediaTypeOf } from '@algo/local';
import type { Answer } from '../lab/http.js';
import type { Lab } from '../lab/lab.js';
import type { SampleRequest } from '../profile/profile.js';
import type { Rule } from '../rule.js';
import { Broken, excerpt, hold, need, orBroken } from '../verdict.js';
import { describe, jsonObject } from './answers.js';
import { countLines, hasLines, linesOf } from './large-body.js';
import { PAGES } from './pages.js';

export const BATCH_RULES: readonly Rule[] = [
  {
    id: 'execution-parameters.answer',
    rule: 'GET /execution-parameters is answered with JSON, or with 404.',
    source: PAGES.batch,
    severity: 'must',
    async check(lab) {
      const answer = await ask(lab);
      if (answer.status === 404) return 'status 404';
      hold(answer.status === 200, () => describe(answer));
      hold(jsonObject(answer.body) !== undefined, () => `no JSON object: ${excerpt(answer.body)}`);
      return excerpt(answer.body);
    },
  },
  {
    id: 'execution-parameters.values',
    rule: 'MaxConcurrentTransforms and MaxPayloadInMB are whole numbers, and BatchStrategy is SINGLE_RECORD or MULTI_RECORD.',
    source: PAGES.batch,
    severity: 'must',
    async check(lab) {
      const { MaxConcurrentTransforms, MaxPayloadInMB, BatchStrategy } = await offered(lab);
      hold(isWhole(MaxConcurrentTransforms), `MaxConcurrentTransforms is ${JSON.stringify(MaxConcurrentTransforms)}`);
      hold(isWhole(MaxPayloadInMB), `MaxPayloadInMB is ${JSON.stringify(MaxPayloadInMB)}`);
      const isStrategy = BatchStrategy === undefined || STRATEGIES.has(String(BatchStrategy));
      hold(isStrategy, `BatchStrategy is ${JSON.stringify(BatchStrategy)}`);
      return [MaxConcurrentTransforms, MaxPayloadInMB, BatchStrategy].map((value) => value ?? 'default').join(', ');
    },
  },
  {
    id: 'execution-parameters.product',
    rule: 'MaxConcurrentTransforms × MaxPayloadInMB is at most 100 MB.',
    source: 'API: CreateTransformJob, MaxPayloadInMB',
    severity: 'must',
    async check(lab) {
      const { MaxConcurrentTransforms = 1, MaxPayloadInMB = 6 } = await offered(lab);
      const product = Number(MaxConcurrentTransforms) * Number(MaxPayloadInMB);
      hold(!(product > MAX_MB), `${MaxConcurrentTransforms} × ${MaxPayloadInMB} = ${product} MB`);
      return `${product} MB`;
    },
  },
  {
    id: 'batch.records',
    rule: 'With SAGEMAKER_BATCH, an answer has as many records as its request: joins and AssembleWith need it.',
    source: PAGES.batchErrors,
    severity: 'must',
    async check(lab) {
      const { sent, answer } = await transformed(lab);
      hold(answer.status === 200, () => describe(answer));
      const got = countLines(answer.body);
      hold(got === sent, `${sent} records sent, ${got} received`);
      return `${sent} records`;
    },
  },
  {
    id: 'batch.final-newline',
    rule: 'With SAGEMAKER_BATCH, an answer of lines ends with a newline: with AssembleWith None, answers are joined as they are.',
    source: 'API: CreateTransformJob, AssembleWith; aws/sagemaker-xgboost-container: encoder.py',
    severity: 'should',
    async check(lab) {
      const { answer } = await transformed(lab);
      need(answer.status === 200, describe(answer));
      hold(answer.body.at(-1) === 10, () => `it ends with ${excerpt(answer.body.subarray(-10))}`);
      return 'it ends with a newline';
    },
  },
  {
    id: 'batch.bad-record',
    rule: 'With SAGEMAKER_BATCH, a bad record fails its request, or has one line in its place and the others are as without it: a join is by place.',
    source: PAGES.batchErrors,
    severity: 'must',
    async check(lab) {
      const { answer: plain, withBad, isStable } = await transformed(lab);
      need(plain.status === 200, describe(plain));
      const { record, at, answer } = withBad;
      if (answer instanceof Broken) throw answer;
      if (answer.status >= 400) return `${excerpt(record)} fails its request: ${describe(answer)}`;
      const [good, got] = [linesOf(plain.body), linesOf(answer.body)];
      hold(
        got.length === good.length + 1,
        `with ${excerpt(record)} ${good.length + 1} records sent, ${got.length} received`,
      );
      const placed = good.toSpliced(at, 0, got[at]!);
      const wrong = isStable ? got.findIndex((line, i) => line !== placed[i]) : -1;
      hold(
        wrong < 0,
        () =>
          `with ${excerpt(record)} as record ${at + 1}, record ${wrong + 1} is answered with ${excerpt(got[wrong]!)}, where ${excerpt(placed[wrong]!)} is right`,
      );
      return `in the place of ${excerpt(record)}: ${excerpt(got[at]!)}`;
    },
  },
];

// --- internal ---

const MAX_MB = 100;
const STRATEGIES = new Set(['SINGLE_RECORD', 'MULTI_RECORD', 'SingleRecord', 'MultiRecord']);

interface Parameters {
  readonly MaxConcurrentTransforms?: unknown;
  readonly MaxPayloadInMB?: unknown;
  readonly BatchStrategy?: unknown;
}

async function ask(lab: Lab): Promise<Answer> {
  return (await lab.server()).call({ path: '/execution-parameters' });
}

async function offered(lab: Lab): Promise<Parameters> {
  const answer = await ask(lab);
  const parameters: Parameters | undefined = answer.status === 200 ? jsonObject(answer.body) : undefined;
  need(parameters !== undefined, `/execution-parameters: ${describe(answer)}`);
  return parameters;
}

/** The platform reads numbers that are text, too. */
function isWhole(value: unknown): boolean {
  return value === undefined || (/^\d+$/.test(String(value)) && typeof value !== 'object');
}

interface Transformed {
  readonly sent: number;
  readonly answer: Answer;
  /** The same request with a bad record between its own: a server that ends by it has answered the first. */
  readonly withBad: { readonly record: string; readonly at: number; readonly answer: Answer | Broken };
  /** Whether answers to the same request are the same. */
  readonly isStable: boolean;
}

const runs = new WeakMap<Lab, Promise<Transformed>>();

/** One server for all rules. */
function transformed(lab: Lab): Promise<Transformed> {
  const run = runs.get(lab) ?? transform(lab);
  runs.set(lab, run);
  return run;
}

async function transform(lab: Lab): Promise<Transformed> {
  const sample = lab.profile.requests.find(
    (request) => hasLines(request) && (request.accept === undefined || hasLines({ contentType: request.accept })),
  );
  need(sample !== undefined, 'no request of the profile has lines both ways');
  const { isStable } = await lab.baseline(sample);
  const environment = {
    SAGEMAKER_BATCH: 'true',
    SAGEMAKER_BATCH_STRATEGY: 'MULTI_RECORD',
    SAGEMAKER_MAX_PAYLOAD_IN_MB: '6',
  };
  const server = await lab.startServer({ environment });
  const lines = [...linesOf(sample.body), ...linesOf(sample.body)];
  const send = (records: readonly string[]) =>
    server.invoke({ ...sample, body: Buffer.from(records.map((line) => `${line}\n`).join('')) });
  const answer = await send(lines);
  const type = answer.headers['content-type'] ?? '';
  need(answer.status !== 200 || hasLines({ contentType: type }), `the answer is ${type}, which has no lines`);
  const at = lines.length / 2;
  const record = badRecord(lab.profile.badRequests, sample);
  const withBad = { record, at, answer: await orBroken(send(lines.toSpliced(at, 0, record))) };
  void server.kill();
  return { sent: lines.length, answer, withBad, isStable };
}

/** One line of the same type that must be refused: the profile's, else one that few models take. */
function badRecord(badRequests: readonly SampleRequest[], sample: SampleRequest): string {
  const found = badRequests.find(
    ({ contentType, body }) => mediaTypeOf(contentType) === mediaTypeOf(sample.contentType) && countLines(body) === 1,
  );
  return found === undefined ? 'no record' : linesOf(found.body)[0]!;
}
