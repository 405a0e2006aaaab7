/** What the commands about a product share: the algorithm, its sample data, and where the seller keeps it. */
import { join } from 'node:path';
import { describeProgram } from '@algo/local';
import { Option } from 'commander';
import { imageName } from './engine-option.js';
import { findSampleData, findWorkspace, outputFolder, resolveProgram } from './workspace.js';

export interface ListingOptions {
  readonly sampleData?: string;
  readonly account?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly repository?: string;
  readonly trainingRepository?: string;
}

export const ALGORITHM = "an algorithm's folder, or its name in the workspace's folder algorithms";

export function sampleDataOption(): Option {
  return new Option(
    '--sample-data <dir>',
    'folder with validation-profile.json (default: sample-data/NAME of the workspace)',
  );
}

/** Of `algo validate --training-image A --image B`, where A goes; B goes to --repository. */
export function trainingRepositoryOption(): Option {
  return new Option(
    '--training-repository <name>',
    'ECR repository of an image that trains, where that of --repository only serves (default: one image for both)',
  );
}

/** @throws ArgumentError for an algorithm or sample data that is not there */
export async function listingRequestOf(algorithm: string, options: ListingOptions) {
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const sampleData = findSampleData(program, options.sampleData, from);
  const definition = await describeProgram(program);
  const evidence = evidenceFolders(program.folder, definition.Name, from);
  return { folder: program.folder, definition, sampleData, seller: options, evidence, from };
}

/** Where commands have left what they found of a product. @param folder of the algorithm */
export function evidenceFolders(folder: string, name: string, from: string) {
  const output = (command: string) => outputFolder(from, command, name);
  const check = (command: string) => outputFolder(from, command, imageName(folder));
  return {
    validations: [output('validation'), output('container-validation')],
    ...{ trial: output('sagemaker-validation'), image: check('image'), trainingImage: check('training-image') },
    notebooks: join(findWorkspace(from) ?? from, 'notebooks', name),
  };
}
