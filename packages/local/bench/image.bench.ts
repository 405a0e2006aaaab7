/**
 * The image of linear regression beside one of the shape that AWS's sample has (Debian, Python, scikit-learn, Flask,
 * gunicorn, nginx), built by the same engine, run in the same sandbox: size, packages, start, training job.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { alternate, defineBench, row, type Sample } from '@algo/bench';
import {
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
const OURS = 'linear-regression';
const PEER = 'bring-your-own';
const PEER_NAME = 'Debian + scikit-learn + Flask + gunicorn + nginx';
const ROOT = join(import.meta.dirname, '..', '..', '..');
const TABLE = join(ROOT, 'sample-data', OURS, 'train');

export const bench = defineBench({
  name: 'image',
  description: 'the image of linear-regression beside the shape of the bring-your-own sample, in the same sandbox',
  pythonPackages: [],
  async measure({ workDirectory, progress }) {
    const engine = await findEngine('run');
    progress('build both images');
    const ours = join(ROOT, 'algorithms', OURS);
    const peer = join(import.meta.dirname, PEER);
    await buildImage({ engine, folder: ours, context: ROOT, image: OURS });
    await buildImage({ engine, folder: peer, context: peer, image: PEER });

    const [oursStatic, peerStatic] = [await look(engine, OURS, workDirectory), await look(engine, PEER, workDirectory)];
    const programs = {
      ours: await openImageProgram({ engine, image: OURS, folder: ours }),
      peer: await openImageProgram({ engine, image: PEER, folder: peer, keeperImage: OURS }),
    };
    try {
      const description = await describeProgram(programs.ours);
      const run = (program: ImageProgram, sizes: Sample) => ({
        run: async (): Promise<Sample> => ({ ...sizes, ...(await live(program, description, workDirectory)) }),
      });
      const result = await alternate({
        ours: run(programs.ours, oursStatic),
        peers: { peer: run(programs.peer, peerStatic) },
        rounds: ROUNDS,
        progress,
      });
      const common = { ours: result.ours, peer: { name: PEER_NAME, outcome: result.peers.peer } };
      const atMost = (limit: number) => ({ value: 'ours', atMost: limit }) as const;
      return [
        row({ ...common, measure: 'image, compressed', unit: 'MB', key: 'compressedMB', goal: atMost(85) }),
        row({ ...common, measure: 'Debian packages in it', unit: 'packages', key: 'packages' }),
        row({ ...common, measure: 'container start to /ping 200', unit: 's', key: 'readySeconds', goal: atMost(0.6) }),
        row({ ...common, measure: 'training job in a container, 353 rows', unit: 's', key: 'jobSeconds' }),
      ];
    } finally {
      await Promise.all(Object.values(programs).map((program) => program.sandbox.close()));
    }
  },
});

// --- internal ---

async function look(engine: Engine, image: string, workDirectory: string): Promise<Sample> {
  const check = await checkImage({ engine, image, directory: join(workDirectory, `check-${image}`) });
  return { compressedMB: check.compressedBytes / 1e6, packages: check.packages.debian };
}

/** One training job, and one start of a server with its model. */
async function live(
  program: ImageProgram,
  description: Awaited<ReturnType<typeof describeProgram>>,
  workDirectory: string,
): Promise<Sample> {
  const folder = join(workDirectory, program.image);
  mkdirSync(folder, { recursive: true });
  const job = await runTrainingJob({
    program,
    description,
    channels: { train: { path: TABLE, contentType: 'text/csv' } },
    workDirectory: join(folder, 'job'),
    outputDirectory: join(folder, 'output'),
  });
  if (!job.modelArchive) throw new Error(`${program.image}: ${job.failureReason ?? 'no model'}, see ${job.logFile}`);
  const endpoint = await startEndpoint({
    program,
    model: job.modelArchive,
    workDirectory: join(folder, 'endpoint'),
    logFile: join(folder, 'endpoint.txt'),
  });
  await endpoint.stop();
  return { jobSeconds: job.seconds, readySeconds: endpoint.readySeconds };
}
