/** A training job of the image under test, whatever algorithm it has. */
import { join } from 'node:path';
import { z } from 'zod';
import {
  type AlgorithmDescription,
  describeProgram,
  type ImageProgram,
  runTrainingJob,
  type TrainingJobRequest,
} from '../../src/index.js';
import { makeFolder, writeFiles } from '../scene.js';

type JobOptions = 'stop' | 'onEvent' | 'instanceCount' | 'environment' | 'entrypoint' | 'arguments';

export interface TrainOptions extends Pick<TrainingJobRequest, JobOptions> {
  /** For an algorithm that counts its rounds. */
  readonly rounds?: number;
  /** Default: one of the test's own. */
  readonly workDirectory?: string;
}

/** A line, and something that is no line: a channel's content. */
export const ROWS = Array.from({ length: 3000 }, (_, i) => `${(3 * i + 1) / 100},${i / 100},${(i * i) % 17}`).join(
  '\n',
);

/** @param content of the channel, CSV with a label that is a number */
export async function train(program: ImageProgram, content: string, options: TrainOptions = {}) {
  const { rounds = 3, ...others } = options;
  const folder = makeFolder();
  const data = writeFiles(join(folder, 'data'), { 'train.csv': content });
  const description = await describeImage(program);
  const counter = roundsOf(description);
  return runTrainingJob({
    program,
    description,
    hyperparameters: { ...requiredChoices(description), ...(counter !== undefined && { [counter]: String(rounds) }) },
    channels: { train: { path: data, contentType: 'text/csv' } },
    workDirectory: join(folder, 'work'),
    outputDirectory: join(folder, 'output'),
    ...others,
  });
}

/** Asks the image under test once for all tests: each container takes seconds to start. */
export function describeImage(program: ImageProgram): Promise<AlgorithmDescription> {
  described ??= describeProgram(program);
  return described;
}

/** The hyperparameter that sets how long a job runs, if the algorithm has one. */
export function roundsOf({ TrainingSpecification }: AlgorithmDescription): string | undefined {
  const names = TrainingSpecification!.SupportedHyperParameters.map(({ Name }) => Name);
  return ['num_round', 'epochs'].find((name) => names.includes(name));
}

// --- internal ---

let described: Promise<AlgorithmDescription> | undefined;

const choice = z.object({ CategoricalParameterRangeSpecification: z.object({ Values: z.array(z.string()).min(1) }) });

/** The first of the values of each hyperparameter that must be chosen; of an objective, regression. */
function requiredChoices({ TrainingSpecification }: AlgorithmDescription): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const { Name, IsRequired, Range } of TrainingSpecification!.SupportedHyperParameters) {
    const range = choice.safeParse(Range);
    if (IsRequired && range.success) chosen[Name] = range.data.CategoricalParameterRangeSpecification.Values[0]!;
  }
  return chosen;
}
