/** One training job that only reads its channel, for the benches of formats. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTrainingTree, runNode, type Sample, type TrainingTreeOptions } from '@algo/bench';

interface Reading extends Pick<TrainingTreeOptions, 'directory' | 'contentType'> {
  /** In this folder; writes `seconds` and `rows` into bench.json. */
  readonly program: 'csv-program' | 'formats-program';
  readonly hyperparameters?: Readonly<Record<string, string>>;
  readonly file: string;
}

/** What the job says it took, and the peak memory of its processes. */
export async function readChannel({ program, file, hyperparameters = {}, ...tree }: Reading): Promise<Sample> {
  const variables = makeTrainingTree({ ...tree, hyperparameters, channels: { train: file } });
  const { peakMB } = await runNode({ args: [join(import.meta.dirname, `${program}.ts`), 'train'], variables });
  const text = readFileSync(join(tree.directory, 'output', 'data', 'bench.json'), 'utf8');
  const { seconds, rows } = JSON.parse(text) as { seconds: number; rows: number };
  return { seconds, rows, peakMB };
}
