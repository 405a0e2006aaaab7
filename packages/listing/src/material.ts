/**
 * Everything that a listing is made of, read once: the definition, `listing/` of the algorithm, and the sample data with its
 * card. What is missing is missing here too; the checks say so, and writing documents refuses it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  type AlgorithmDescription,
  ArgumentError,
  bundleOfFolder,
  messageOf,
  readValidationProfile,
  textFault,
  textOf,
  type ValidationProfile,
} from '@algo/local';
import { type Seller, type SellerOptions, sellerOf } from './documents/seller.js';
import type { Source } from './documents/source.js';
import { type Evidence, type EvidenceFolders, readEvidence } from './evidence.js';
import { PRODUCT_FILE, type ProductFile, parseProduct } from './product/product-file.js';
import { type History, readHistory } from './versions/history.js';
import { releaseNotesOf } from './versions/release-notes.js';

export interface TextFile {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
}

export interface Material {
  readonly definition: AlgorithmDescription;
  readonly seller: Seller;
  readonly productFile: ProductFile;
  readonly description: TextFile | undefined;
  readonly usage: TextFile | undefined;
  readonly dataCard: TextFile | undefined;
  /** Undefined where it has a problem, which is a text then. */
  readonly profile: ValidationProfile | undefined;
  readonly profileProblem: string | undefined;
  /** A file next to product.yaml; undefined where there is none. */
  readBeside(file: string): Buffer | undefined;
  readonly sampleData: SampleData;
  readonly history: History;
  /** Digest of the program's bundle as it is built now; undefined where it is not built, or no bundle. */
  readonly bundle: string | undefined;
  readonly evidence: Evidence;
}

export interface SampleData {
  /** As messages name it. */
  readonly folder: string;
  isFolder(path: string): boolean;
  /** Undefined where there is no such file. */
  read(path: string): Buffer | undefined;
  /** The files of a folder, or the file itself, in order; none where it is not there. */
  files(path: string): readonly string[];
}

export interface ListingRequest {
  /** Of the algorithm, with `listing/`. */
  readonly folder: string;
  readonly definition: AlgorithmDescription;
  /** With the validation profile and the data card. */
  readonly sampleData: string;
  readonly seller?: SellerOptions | undefined;
  /** Where what was run has left its results; default: .algo and notebooks of `from`. */
  readonly evidence?: EvidenceFolders | undefined;
  /** What paths in messages are relative to. */
  readonly from: string;
}

/** @throws ArgumentError for a text that is not UTF-8; for product.yaml that is one of its problems */
export async function readMaterial(request: ListingRequest): Promise<Material> {
  const { folder, definition, sampleData, seller, from } = request;
  const inListing = (file: string) => join(folder, 'listing', file);
  const text = (path: string): TextFile | undefined => {
    const content = readFile(path);
    const file = relative(from, path);
    return content && { file, text: textOf(content, file) };
  };
  return {
    definition,
    seller: sellerOf(definition, seller),
    productFile: readProduct(readFile(inListing(PRODUCT_FILE)), relative(from, inListing(PRODUCT_FILE))),
    description: text(inListing('description.md')),
    usage: text(inListing('usage.md')),
    dataCard: text(join(sampleData, 'README.md')),
    ...(await readProfile(sampleData)),
    readBeside: (file) => readFile(inListing(file)),
    sampleData: openSampleData(sampleData, relative(from, sampleData)),
    history: readHistory(folder, from),
    bundle: bundleOfFolder(folder),
    evidence: readEvidence(request.evidence ?? evidenceFolders(definition.Name, from), from),
  };
}

/** @throws ArgumentError with all problems of product.yaml, or that of the validation profile */
export function sourceOf(material: Material): Source {
  const { definition, seller, productFile, profile, profileProblem, sampleData } = material;
  const { product, problems, file } = productFile;
  if (!product) {
    throw new ArgumentError(problems.map(({ line, text }) => `${file} line ${line}: ${text}.`).join('\n'));
  }
  if (!profile) throw new ArgumentError(profileProblem ?? 'There is no validation profile.');
  return { definition, seller, product, profile, isFolder: sampleData.isFolder, releaseNotes: notesOf(material) };
}

/** The release notes of this version; undefined where neither product.yaml nor CHANGELOG.md has them. */
export function notesOf({ definition, productFile: { product }, history }: Material): string | undefined {
  const { published, changelog } = history;
  const notes = { version: definition.Version, changelog, own: product?.releaseNotes, isFirst: !published };
  const known = published?.definition.Version === definition.Version ? published.releaseNotes : undefined;
  return releaseNotesOf(notes) ?? known;
}

// --- internal ---

function evidenceFolders(name: string, from: string): EvidenceFolders {
  const output = (command: string) => join(from, '.algo', command, name);
  return {
    validations: [output('validation'), output('container-validation')],
    ...{ trial: output('sagemaker-validation'), notebooks: join(from, 'notebooks', name) },
    ...{ image: output('image'), trainingImage: output('training-image') },
  };
}

function readProduct(content: Buffer | undefined, file: string): ProductFile {
  const fault = content && textFault(content);
  if (content && !fault) return parseProduct(textOf(content, file), file);
  const problem = fault ?? { line: 1, text: 'the file is required; it is missing. Copy that of another algorithm' };
  return { file, product: undefined, problems: [problem], lineOf: () => 1 };
}

async function readProfile(sampleData: string): Promise<Pick<Material, 'profile' | 'profileProblem'>> {
  try {
    return { profile: await readValidationProfile(sampleData), profileProblem: undefined };
  } catch (error) {
    if (error instanceof ArgumentError) return { profile: undefined, profileProblem: messageOf(error) };
    throw error;
  }
}

function openSampleData(root: string, folder: string): SampleData {
  const isFolder = (path: string) => statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return {
    folder,
    isFolder,
    read: (path) => readFile(join(root, path)),
    files: (path) =>
      isFolder(path)
        ? readdirSync(join(root, path))
            .sort()
            .map((name) => `${path.replace(/\/+$/, '')}/${name}`)
        : existsSync(join(root, path))
          ? [path]
          : [],
  };
}

function readFile(path: string): Buffer | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : undefined;
}
