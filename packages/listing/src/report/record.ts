/** What a validation left in its folder: the record that a report is made of. Nothing of it runs again. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AlgorithmDescription,
  ArgumentError,
  messageOf,
  PROFILE_FILE,
  type Validation,
  type ValidationProfile,
} from '@algo/local';

export interface MetricPoint {
  readonly name: string;
  readonly value: number;
}

export interface ValidationRecord {
  readonly directory: string;
  readonly validation: Validation;
  readonly profile: ValidationProfile;
  readonly description: AlgorithmDescription;
  /** Every metric that was logged, in order; none of a model package. */
  readonly metrics: readonly MetricPoint[];
  readonly trainingLog: string | undefined;
  readonly serverLog: string | undefined;
  /** model.tar.gz; undefined where the image has the model, or where there is none. */
  readonly modelArchive: string | undefined;
  readonly modelBytes: number | undefined;
  /** output.tar.gz of the training job. */
  readonly outputArchive: string | undefined;
  /** A file or folder of the sample data, as it was validated. */
  input(path: string): string;
  /** The answer to a real-time sample; undefined where it was not asked for. */
  answer(input: string): Buffer | undefined;
}

/** @throws ArgumentError when there is no validation, or one of an earlier version of `algo validate` */
export function readRecord(directory: string, command: string): ValidationRecord {
  const read = <T>(name: string): T => {
    const path = join(directory, name);
    if (!existsSync(path)) {
      throw new ArgumentError(`There is no ${path}: a report shows the last validation. Run "${command}" first.`);
    }
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as T;
    } catch (error) {
      throw new ArgumentError(`${path} must be JSON; ${messageOf(error)}. Run "${command}" again.`, { cause: error });
    }
  };
  const validation = read<Validation>('validation.json');
  const profile = read<ValidationProfile>(PROFILE_FILE);
  const description = read<AlgorithmDescription>('description.json');
  const inputs = join(directory, 'inputs');
  const file = (path: string) => (existsSync(path) ? path : undefined);
  const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const modelArchive = modelOf(directory, profile);
  const metrics = text(join(directory, 'training-job/metrics.json'));
  return {
    ...{ directory, validation, profile, description },
    metrics: metrics === undefined ? [] : (JSON.parse(metrics) as readonly MetricPoint[]),
    trainingLog: text(join(directory, 'training-job/log.txt')),
    serverLog: text(join(directory, 'endpoint/log.txt')),
    modelArchive,
    modelBytes: modelArchive === undefined ? undefined : statSync(modelArchive).size,
    outputArchive: file(join(directory, 'training-job/output.tar.gz')),
    input: (path) => join(inputs, path),
    answer(input) {
      const path = file(join(directory, 'endpoint/output', `${input}.out`));
      return path === undefined ? undefined : readFileSync(path);
    },
  };
}

// --- internal ---

/** That of the training job, or of a model package: its file, or what the validation packed of its folder. */
function modelOf(directory: string, { trainingJob, model }: ValidationProfile): string | undefined {
  const path = trainingJob ? join(directory, 'training-job/model.tar.gz') : packageModel(directory, model);
  return path !== undefined && existsSync(path) ? path : undefined;
}

function packageModel(directory: string, model: string | undefined): string | undefined {
  if (model === undefined) return undefined;
  const given = join(directory, 'inputs', model);
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() ? join(directory, 'model.tar.gz') : given;
}
