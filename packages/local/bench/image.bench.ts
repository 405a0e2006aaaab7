/**
 * The images of our algorithms compared with one like AWS's sample (Debian, Python, scikit-learn, Flask,
 * gunicorn, nginx), built by the same engine, run in the same sandbox: size, packages, start, and linear regression's
 * training job against the sample's on the same data.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate, defineBench, type Outcome, row, type Sample } from '@algo/bench';
import {
  type AlgorithmDescription,
  buildImage,
  checkImage,
  describeProgram,
  type Engine,
  findEngine,
  type ImageProgram,
  openImageProgram,
  runTrainingJob,
  startEndpoint,
} from '@algo/local';

const ROUNDS = 5;
const LINEAR = 'linear-regression';
const TREES = 'gradient-boosting';
const NETWORK = 'neural-network';
const PEER = 'bring-your-own';
const PEER_NAME = 'Debian + scikit-learn + Flask + gunicorn + nginx';
const ROOT = join(import.meta.dirname, '..', '..', '..');

export const bench = defineBench({
  name: 'image',
  description: 'our images compared with one like the bring-your-own sample, in the same sandbox',
  pythonPackages: [],
  async measure({ workDirectory, progress }) {
    const engine = await findEngine('run');
    const open: ImageProgram[] = [];
    try {
      progress('build the images');
      const linear = await prepare({ engine, image: LINEAR, algorithm: LINEAR, workDirectory }, open);
      const trees = await prepare({ engine, image: TREES, algorithm: TREES, workDirectory }, open);
      const network = await prepare({ engine, image: NETWORK, algorithm: NETWORK, workDirectory }, open);
      const sample = await prepare({ engine, image: PEER, algorithm: LINEAR, workDirectory }, open);
      const { ours, peers } = await alternate({
        ours: linear,
        peers: { trees, network, sample },
        rounds: ROUNDS,
        progress,
      });
      return [
        ...rowsOf('image of linear regression', 85, ours, peers.sample),
        row({
          ...compare(ours, peers.sample),
          measure: 'training job in a container, a few hundred rows',
          unit: 's',
          key: 'jobSeconds',
        }),
        ...rowsOf('image of gradient boosting', 85, samplesOf(peers.trees), peers.sample),
        ...rowsOf('image of the neural network', 105, samplesOf(peers.network), peers.sample),
      ];
    } finally {
      await Promise.all(open.map((program) => program.sandbox?.close()));
    }
  },
});

// --- internal ---

interface Subject {
  readonly engine: Engine;
  readonly image: string;
  /** Whose sample data it trains on. */
  readonly algorithm: string;
  readonly workDirectory: string;
}

/** Builds and opens an image; gives a run of it. @param open gets the program, which is to be closed */
async function prepare({ engine, image, algorithm, workDirectory }: Subject, open: ImageProgram[]) {
  const isPeer = image === PEER;
  const folder = isPeer ? join(import.meta.dirname, PEER) : join(ROOT, 'algorithms', image);
  await buildImage({ engine, folder, context: isPeer ? folder : ROOT, image });
  const check = await checkImage({ engine, image, directory: join(workDirectory, `check-${image}`) });
  const sizes = { compressedMB: check.compressedBytes / 1e6, packages: check.packages.debian };
  const program = await openImageProgram({ engine, image, folder, ...(isPeer && { keeperImage: LINEAR }) });
  open.push(program);
  // The sample cannot describe itself; it is trained as the algorithm is whose data it gets.
  const description = await describeProgram(isPeer ? open[0]! : program);
  const directory = join(workDirectory, image);
  mkdirSync(directory, { recursive: true });
  return {
    run: async (): Promise<Sample> => ({ ...sizes, ...(await live(program, description, algorithm, directory)) }),
  };
}

/** One training job, and one start of a server with its model. */
async function live(
  program: ImageProgram,
  description: AlgorithmDescription,
  algorithm: string,
  directory: string,
): Promise<Sample> {
  const sampleData = join(ROOT, 'sample-data', algorithm);
  const profile: { trainingJob: { hyperparameters: Record<string, string> } } = JSON.parse(
    readFileSync(join(sampleData, 'validation-profile.json'), 'utf8'),
  );
  const job = await runTrainingJob({
    program,
    description,
    hyperparameters: profile.trainingJob.hyperparameters,
    channels: Object.fromEntries(
      ['train', 'validation'].map((name) => [name, { path: join(sampleData, name), contentType: 'text/csv' }]),
    ),
    workDirectory: join(directory, 'job'),
    outputDirectory: join(directory, 'output'),
  });
  if (!job.modelArchive) throw new Error(`${program.image}: ${job.failureReason ?? 'no model'}, see ${job.logFile}`);
  const endpoint = await startEndpoint({
    program,
    model: job.modelArchive,
    workDirectory: join(directory, 'endpoint'),
    logFile: join(directory, 'endpoint.txt'),
  });
  await endpoint.stop();
  return { jobSeconds: job.seconds, readySeconds: endpoint.readySeconds };
}

/** @param limit megabytes, compressed */
function rowsOf(measure: string, limit: number, ours: readonly Sample[], sample: Outcome) {
  const common = compare(ours, sample);
  const atMost = (value: number) => ({ value: 'ours', atMost: value }) as const;
  return [
    row({ ...common, measure: `${measure}, compressed`, unit: 'MB', key: 'compressedMB', goal: atMost(limit) }),
    row({ ...common, measure: 'Debian packages in it', unit: 'packages', key: 'packages' }),
    row({ ...common, measure: 'container start to /ping 200', unit: 's', key: 'readySeconds', goal: atMost(0.6) }),
  ];
}

function compare(ours: readonly Sample[], sample: Outcome) {
  return { ours, peer: { name: PEER_NAME, outcome: sample } };
}

function samplesOf(outcome: Outcome): readonly Sample[] {
  if ('missing' in outcome) throw new Error(outcome.missing);
  return outcome.samples;
}
