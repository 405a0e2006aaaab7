/** The sample data of an algorithm: its files by name, and the training job that the validation runs. */
import { readdirSync, readFileSync } from 'node:fs';

export interface SampleData {
  /** The files of a folder below, such as `train`, by name. */
  folder(name: string): Readonly<Record<string, Buffer>>;
  /** Hyperparameters of the training job in validation-profile.json. */
  readonly hyperparameters: Readonly<Record<string, string>>;
}

/** @param base URL of the sample's folder, ending with a slash */
export function openSample(base: URL): SampleData {
  const { trainingJob } = JSON.parse(readFileSync(new URL('validation-profile.json', base), 'utf8'));
  return {
    folder(name) {
      const folder = new URL(`${name}/`, base);
      return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(new URL(file, folder))]));
    },
    hyperparameters: trainingJob.hyperparameters ?? {},
  };
}
