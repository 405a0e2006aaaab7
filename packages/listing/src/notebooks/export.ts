/**
 * The public repository of a listing: notebooks, training data, inputs and outputs in the folders of AWS's templates, README and
 * licence. Notebooks run in it as it is.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ArgumentError, listFiles, PROFILE_FILE, type ValidationProfile } from '@algo/local';
import { type ListingRequest, readMaterial, sourceOf } from '../material.js';
import { inferenceFolder, sampleCopies, samplesTable } from './layout.js';

export interface ExportRequest extends ListingRequest {
  /** With the notebooks of the product. */
  readonly notebooks: string;
  /** Made where it is missing; must be empty, or one that was exported before. */
  readonly directory: string;
  /** The repository of a trained model that is a product of its own, in the place of the algorithm's. */
  readonly isModelPackage?: boolean | undefined;
  /** Of the licence that the repository has. */
  readonly licence: string;
  /** Of the public repository, without a slash at its end; undefined where it is not known yet. */
  readonly repositoryUrl?: string | undefined;
}

/** Addresses for `links` of product.yaml. */
export interface RepositoryLinks {
  readonly notebook: string;
  readonly repository: string;
  readonly samples: string;
}

/**
 * @returns the files, by their paths in the directory
 * @throws ArgumentError for a directory with something else, with samples or notebooks that the product no longer has, without
 * notebooks, or with a name that a URL cannot have
 */
export async function exportRepository(request: ExportRequest): Promise<readonly string[]> {
  const { notebooks, directory, licence } = request;
  const files = exportedNotebooks(request.definition, notebooks, request.isModelPackage);
  if (files.length === 0) throw new ArgumentError(`${notebooks} must have notebooks: algo notebook new makes them.`);
  checkDirectory(directory);
  const { definition, product, profile } = sourceOf(await readMaterial(request));
  const data = dataFiles(profile, request.sampleData);
  checkRemains(directory, [...data.keys(), ...files]);
  checkNames([...data.keys(), ...files, ...(existsSync(directory) ? folderFiles(directory) : [])]);
  writeData(profile, data, directory);
  for (const file of files) copyFileSync(join(notebooks, file), join(directory, file));
  const page = readmeOf(product.title, definition.Description, files, folderFiles(directory), request.repositoryUrl);
  writeFileSync(join(directory, 'README.md'), page);
  copyFileSync(licence, join(directory, 'LICENSE'));
  return folderFiles(directory);
}

/** The sample data alone, as notebooks find it next to them. */
export async function exportData(request: ListingRequest, directory: string): Promise<void> {
  const { profile } = sourceOf(await readMaterial(request));
  writeData(profile, dataFiles(profile, request.sampleData), directory);
}

/** Names of the notebooks in a folder, in order; none where it is not there. */
export function notebookFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ipynb'))
    .sort();
}

/** Of a product's notebooks, those of its listing: an algorithm's buyers have no ARN of a model package. */
export function exportedNotebooks(
  { TrainingSpecification }: Pick<ListingRequest['definition'], 'TrainingSpecification'>,
  folder: string,
  isModelPackage = false,
): readonly string[] {
  return notebookFiles(folder).filter(
    (file) => !TrainingSpecification || file.endsWith(MODEL_PACKAGE_NOTEBOOK) === isModelPackage,
  );
}

/** The page of a file on GitHub; the samples at the address of a folder's files as they are. */
export function repositoryLinks(url: string, notebook: string): RepositoryLinks {
  const found = /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+?)(\.git)?\/?$/.exec(url);
  if (!found) throw new ArgumentError(`--repository-url must be https://github.com/OWNER/NAME; received "${url}".`);
  const repository = `https://github.com/${found[1]}`;
  return { notebook: `${repository}/blob/main/${notebook}`, repository, samples: `${repository}/tree/main/data` };
}

// --- internal ---

const MODEL_PACKAGE_NOTEBOOK = '-model-package.ipynb';
/** Of the URLs that AWS Marketplace's catalog takes. */
const URL_PATH = /^[A-Za-z0-9\-@_+./]+$/;

function checkDirectory(directory: string): void {
  if (!existsSync(directory)) return;
  const names = readdirSync(directory).filter((name) => name !== '.git');
  if (names.length === 0 || (names.includes('README.md') && names.some((name) => name.endsWith('.ipynb')))) return;
  throw new ArgumentError(`${directory} must be empty, or a folder that was exported before; it has ${names[0]}.`);
}

/**
 * Sources of the files, by their paths in the repository; of samples.csv, undefined.
 * @throws ArgumentError where two files, or two channels, have one place there
 */
function dataFiles(profile: ValidationProfile, sampleData: string): ReadonlyMap<string, string | undefined> {
  const copies = sampleCopies(profile);
  onePlaceEach(copies.filter(({ isFolder }) => isFolder).map(({ from, to }) => [to, from]));
  const files = copies.flatMap(({ from, to, isFolder }): (readonly [string, string])[] => {
    const source = join(sampleData, from);
    const found = listFiles(source, `${PROFILE_FILE}, "${from}"`);
    if (statSync(source).isFile() && !isFolder) return [[to, source]];
    return found.map(({ key, path }) => [join(to, key), path]);
  });
  const table = join(inferenceFolder(profile), 'samples.csv');
  onePlaceEach([
    ...files.map(([to, path]) => [to, relative(sampleData, path)] as const),
    [table, 'the table of samples'],
  ]);
  return new Map([...files, [table, undefined]]);
}

/** @param copies places in the repository, and what is copied there */
function onePlaceEach(copies: readonly (readonly [string, string])[]): void {
  const sources = new Map<string, string>();
  for (const [place, source] of copies) {
    const first = sources.get(place) ?? source;
    if (first !== source) {
      throw new ArgumentError(
        `${PROFILE_FILE}: each place of the public repository must have one source; ${place} has ${first} and ${source}. Give one of them another name.`,
      );
    }
    sources.set(place, source);
  }
}

function writeData(profile: ValidationProfile, data: ReturnType<typeof dataFiles>, directory: string): void {
  for (const [path, source] of data) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    if (source === undefined) writeFileSync(target, samplesTable(profile));
    else copyFileSync(source, target);
  }
}

function checkNames(files: readonly string[]): void {
  const wrong = files.find((file) => !URL_PATH.test(file));
  if (wrong === undefined) return;
  throw new ArgumentError(
    `${wrong} must have letters, digits and any of -@_+./ only: AWS Marketplace refuses other URLs.`,
  );
}

/** What an earlier export has written is deleted by a person: it may be another one's. */
function checkRemains(directory: string, files: readonly string[]): void {
  if (!existsSync(directory)) return;
  const known = new Set(files);
  const isExported = (file: string) => file.startsWith('data/') || /^[^/]+\.ipynb$/.test(file);
  const remains = folderFiles(directory).filter((file) => isExported(file) && !known.has(file));
  if (remains.length === 0) return;
  throw new ArgumentError(
    `${directory} must have no samples and notebooks but those of the product; it has ${remains.join(', ')}. Delete these, and export again.`,
  );
}

function folderFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((file) => !file.startsWith('.git/'))
    .sort();
}

function readmeOf(
  title: string,
  description: string,
  notebooks: readonly string[],
  files: readonly string[],
  url: string | undefined,
): string {
  const folders = [...new Set(files.filter((file) => file.startsWith('data/')).map((file) => dirname(file)))].sort();
  const links = url === undefined ? '' : `\nThis repository: ${repositoryLinks(url, notebooks[0]!).repository}\n`;
  return `# ${title}

${description}

Notebooks and sample data of the product on AWS Marketplace.
${links}
## Notebooks

${notebooks.map((file) => `- [${file}](${file})`).join('\n')}

Open them in Jupyter, on Amazon SageMaker AI or on your own machine with boto3, pandas, NumPy and Matplotlib, and run their cells
from the top. All that you type is the ARN of your subscription.

## Data

${folders.map((folder) => `- [${folder}](${folder})`).join('\n')}

The folders of inputs and outputs have files of the same names: a request and its answer.
`;
}
