/** What notebooks are made of: the product, its sample data, and what its answers are, as the sample data shows. */
import { join } from 'node:path';
import { type AlgorithmDescription, listFiles, PROFILE_FILE, textOf, type ValidationProfile } from '@algo/local';
import { type ListingRequest, type Material, readMaterial, sourceOf } from '../material.js';
import { inferenceAmiVersion, transformAmiVersion } from '../product/gpu-hosts.js';
import type { Product } from '../product/schema.js';
import { type NotebookSettings, parseSettings, SETTINGS_FILE } from './settings.js';

/**
 * What a line of CSV in the batch output is: a number, the probability of class 1 of two, the probability of each class, or a
 * class. `unknown`: anything else.
 */
export type AnswerKind = 'number' | 'probability' | 'probabilities' | 'class' | 'unknown';

export interface Table {
  /** The channel that it is in. */
  readonly channel: string;
  /** The label first. */
  readonly columns: readonly string[];
  /** Names of the classes by label, in the order of labels; undefined where labels are quantities. */
  readonly classes: ReadonlyMap<string, string> | undefined;
  readonly areLabelsText: boolean;
}

/** A hyperparameter, as CreateAlgorithm has it. */
export interface Hyperparameter {
  readonly Name: string;
  readonly Type: string;
  readonly Description?: string;
  readonly IsTunable?: boolean;
  readonly DefaultValue?: string;
  readonly Range?: Readonly<Record<string, ParameterRange>>;
}

export interface ParameterRange {
  readonly MinValue?: string;
  readonly MaxValue?: string;
  readonly Values?: readonly string[];
  /** Of a recommended range. */
  readonly ScalingType?: string;
}

export interface Objective {
  readonly Type: string;
  readonly MetricName: string;
}

export interface Facts {
  readonly definition: AlgorithmDescription;
  readonly product: Product;
  readonly profile: ValidationProfile;
  readonly settings: NotebookSettings;
  /** First paragraphs of description.md and of the data card. */
  readonly overview: string;
  readonly dataCard: string;
  /** Of the training data; undefined where it is no CSV with the label first. */
  readonly table: Table | undefined;
  readonly answer: AnswerKind;
  /** Of the batch input, by their paths in its folder, in order. */
  readonly batchFiles: readonly string[];
  /** Text of a file of the sample data, where it is text. */
  text(path: string): string | undefined;
  readonly hyperparameters: readonly Hyperparameter[];
  readonly objectives: readonly Objective[];
  /** Ranges that the definition recommends for tuning, by hyperparameter. */
  readonly tuningRanges: Readonly<Record<string, ParameterRange>>;
  readonly inferenceAmi: string | undefined;
  readonly transformAmi: string | undefined;
}

/** @throws ArgumentError where product.yaml, the profile or notebook.yaml has a problem */
export async function readFacts(request: ListingRequest): Promise<Facts> {
  const material = await readMaterial(request);
  const { definition, product, profile } = sourceOf(material);
  const beside = material.readBeside(SETTINGS_FILE);
  const settingsFile = `listing/${SETTINGS_FILE}`;
  const settings = parseSettings(beside && textOf(beside, settingsFile), settingsFile);
  const text = (path: string) => textOfFile(material, path);
  const table = tableOf(profile, material);
  return {
    ...{ definition, product, profile, settings, table, text, ...trainingOf(definition) },
    overview: settings.overview ?? firstParagraph(material.description?.text) ?? definition.Description,
    dataCard: firstParagraph(material.dataCard?.text) ?? '',
    answer: answerOf(profile, material, table),
    batchFiles: profile.transformJob
      ? listFiles(join(request.sampleData, profile.transformJob.input), PROFILE_FILE).map(({ key }) => key)
      : [],
    inferenceAmi: inferenceAmiVersion(product.recommended.realTime, product),
    transformAmi: transformAmiVersion(product.recommended.batch, product),
  };
}

/** What a model is trained on: `train`, else the first channel that is not for validation; undefined without training. */
export function trainingChannel({ trainingJob }: ValidationProfile): string | undefined {
  const names = Object.keys(trainingJob?.channels ?? {});
  return names.find((name) => name === 'train') ?? names.find((name) => name !== 'validation') ?? names[0];
}

// --- internal ---

/** More values than this are a quantity. */
const MOST_CLASSES = 20;

/** The parts of a description that @algo/local passes through. */
function trainingOf({ TrainingSpecification, Capabilities }: AlgorithmDescription) {
  return {
    hyperparameters: (TrainingSpecification?.SupportedHyperParameters ?? []) as readonly Hyperparameter[],
    objectives: (TrainingSpecification?.SupportedTuningJobObjectiveMetrics ?? []) as readonly Objective[],
    tuningRanges: (Capabilities.TuningRanges ?? {}) as Readonly<Record<string, ParameterRange>>,
  };
}

function textOfFile({ sampleData }: Material, path: string): string | undefined {
  const content = sampleData.read(path);
  const text = content?.toString('utf8');
  return text !== undefined && Buffer.from(text).equals(content!) && !text.includes('\0') ? text : undefined;
}

/** Without its heading; in one line. */
function firstParagraph(text: string | undefined): string | undefined {
  const found = text?.split(/\n\s*\n/).find((part) => /^[A-Za-z0-9*_`]/.test(part.trim()));
  return found?.trim().replaceAll(/\s*\n\s*/g, ' ');
}

function rowsOf(material: Material, path: string): readonly (readonly string[])[] {
  const files = material.sampleData.files(path).map((file) => textOfFile(material, file) ?? '');
  return files.flatMap((text) => text.trim().split(/\r?\n/)).map((line) => line.split(','));
}

function tableOf(profile: ValidationProfile, material: Material): Table | undefined {
  const name = trainingChannel(profile);
  const channel = name === undefined ? undefined : profile.trainingJob!.channels[name]!;
  if (name === undefined || channel?.contentType !== 'text/csv' || (channel.compressionType ?? 'None') !== 'None') {
    return undefined;
  }
  const rows = rowsOf(material, channel.path);
  const width = rows[0]?.length ?? 0;
  if (width < 2 || rows.some((row) => row.length !== width || row[0] === '')) return undefined;
  const features = Array.from({ length: width - 1 }, (_, i) => `feature_${i + 1}`);
  const labels = [...new Set(rows.map(([label]) => label!))];
  const areLabelsText = labels.some((label) => Number.isNaN(Number(label)));
  const areClasses =
    profile.holdOut?.task === undefined
      ? areLabelsText || (labels.length <= MOST_CLASSES && labels.every((label) => /^-?\d+$/.test(label)))
      : profile.holdOut.task === 'classification';
  const sorted = labels.toSorted(areLabelsText ? undefined : (a, b) => Number(a) - Number(b));
  const named = profile.columnNames?.length === width ? profile.columnNames : ['label', ...features];
  return {
    channel: name,
    columns: named,
    // No object: that has keys such as "1" before keys such as "-1".
    classes: areClasses ? new Map(sorted.map((label) => [label, profile.classNames?.[label] ?? label])) : undefined,
    areLabelsText,
  };
}

function answerOf(profile: ValidationProfile, material: Material, table: Table | undefined): AnswerKind {
  const job = profile.transformJob;
  if (!job || !/^text\/csv/.test(job.accept) || !/^text\/csv/.test(job.contentType)) return 'unknown';
  const rows = rowsOf(material, job.expectedOutput);
  const width = rows[0]?.length ?? 0;
  if (rows.length === 0 || rows.some((row) => row.length !== width)) return 'unknown';
  const classes = table?.classes && [...table.classes.keys()];
  if (classes && width === 1 && rows.every(([value]) => classes.includes(value!))) return 'class';
  if (rows.some((row) => row.some((value) => value === '' || Number.isNaN(Number(value))))) return 'unknown';
  const areProbabilities = rows.every((row) => row.every((value) => Number(value) >= 0 && Number(value) <= 1));
  if (classes && areProbabilities && width === 1 && classes.join() === '0,1') return 'probability';
  if (classes && areProbabilities && width === classes.length) return 'probabilities';
  return width === 1 && !classes ? 'number' : 'unknown';
}
