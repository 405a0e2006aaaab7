/**
 * The workspace of the clients: an algorithm that `algo new --kind custom` makes, with an answer per sentence in place of one
 * (a stream) and with a conversation, the fixture whose jobs wait or fail as they are asked to, and the algorithm of README.md's program.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What clients are given to work with. */
export interface MadeAlgorithm {
  /** Has the folder `algorithms`. */
  readonly workspace: string;
  readonly sampleData: string;
  /** What its program prints for `describe`: TrainingSpecification and InferenceSpecification. */
  readonly descriptionFile: string;
  /** Folder of the documents that `algo listing` writes for linear regression. */
  readonly listing: string;
}

export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const ALGO = join(ROOT, 'packages', 'cli', 'bin', 'algo.js');
export const LISTED_SAMPLES = join(ROOT, 'sample-data', 'linear-regression');

/** Made in `folder`, which must be empty; needs `npm run build`. */
export async function makeAlgorithm(folder: string): Promise<MadeAlgorithm> {
  for (const name of ['package.json', 'tsconfig.base.json']) cpSync(join(ROOT, name), join(folder, name));
  for (const name of ['packages', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name));
  for (const name of ['algorithms', 'sample-data']) mkdirSync(join(folder, name));
  for (const name of ['sample.ts', 'shuffle.ts', 'package.json'])
    cpSync(join(ROOT, 'sample-data', name), join(folder, 'sample-data', name));
  symlinkSync(join(ROOT, 'packages', 'local', 'test', 'fixtures', 'sum'), join(folder, 'algorithms', 'sum'));
  symlinkSync(join(ROOT, 'algorithms', 'linear-regression'), join(folder, 'algorithms', 'linear-regression'));
  await execute(process.execPath, [ALGO, 'new', NAME, '--kind', 'custom'], { cwd: folder });
  const algorithm = join(folder, 'algorithms', NAME);
  answerPerSentence(join(algorithm, 'src', 'algorithm.ts'));
  await execute('npm', ['run', 'build'], { cwd: algorithm });
  const { stdout } = await execute(process.execPath, [join(algorithm, 'dist', 'main.js'), 'describe']);
  const descriptionFile = join(folder, 'description.json');
  writeFileSync(descriptionFile, stdout);
  const listing = join(folder, 'listing');
  const options = ['--sample-data', LISTED_SAMPLES, '--out', listing];
  await execute(process.execPath, [ALGO, 'listing', 'linear-regression', ...options], { cwd: folder });
  return { workspace: folder, sampleData: join(folder, 'sample-data', NAME), descriptionFile, listing };
}

// --- internal ---

const execute = promisify(execFile);
const NAME = 'support-mail';

/** A text of one sentence is answered as before; one that has "Stop!" after another sentence breaks the stream off. */
const PREDICT = `async *predict(model, { text }) {
    for (const sentence of text.split(/(?<=[.?!]) /)) {
      if (sentence === 'Stop!') throw new Error('asked to stop');
      yield classify(model, sentence);
    }
  },
  async *converse(model, messages) {
    for await (const message of messages) {
      const text = typeof message === 'string' ? message : Buffer.from(message).toString();
      if (text === 'Stop!') throw new ClientError('E_REQUEST_BODY', 'asked to stop');
      yield { part: classify(model, text).label, isLast: false };
      yield { part: '.', isLast: true };
    }
  },`;

const CONTRACT = '@algo/contract';
const IMPORT = `{ defineAlgorithm } from '${CONTRACT}';`;
const IMPORTS = `{ ClientError, defineAlgorithm } from '${CONTRACT}';\nimport { webSocket } from '${CONTRACT}/web-socket';`;
const DEFINITION = 'defineAlgorithm(definition, {';
const CONVERSATION = '{ description: "A sentence; its label.", protocol: webSocket }';

/** `predict` becomes a generator, and a conversation is declared: contract/README.md, Streams and Conversations. */
function answerPerSentence(file: string): void {
  const made = readFileSync(file, 'utf8');
  const streamed = made
    .replace('predict: (model, { text }) => classify(model, text),', PREDICT)
    .replace(IMPORT, IMPORTS)
    .replace(DEFINITION, `defineAlgorithm({ ...definition, conversation: ${CONVERSATION} }, {`);
  if (!streamed.includes(PREDICT) || !streamed.includes(IMPORTS) || !streamed.includes(CONVERSATION))
    throw new Error(`${file} must have the predict of the custom template; received ${made}`);
  writeFileSync(file, streamed);
}
