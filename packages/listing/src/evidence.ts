/**
 * What other commands have left about a product: its last validations, the check of its image, its notebooks with their outputs. Nothing
 * of it runs here; rules of the check say what is missing or older than what it is about.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  type AlgorithmDescription,
  ArgumentError,
  type ImageCheck,
  messageOf,
  PROFILE_FILE,
  type Validation,
  type ValidationProfile,
} from '@algo/local';
import { LOCAL_ACCOUNT } from './documents/seller.js';
import { type Notebook, readNotebook } from './notebooks/notebook.js';

/** Folders, which need not be there. */
export interface EvidenceFolders {
  /** Of `algo validate` on this machine, as a process and as a container. */
  readonly validations: readonly string[];
  /** Of `algo validate --runner sagemaker`. */
  readonly trial: string;
  /** Of `algo image check`. */
  readonly image: string;
  /** Of `algo image check --training`. */
  readonly trainingImage: string;
  readonly notebooks: string;
}

/** A file, as messages name it, and what it holds; undefined where it is not there or cannot be read. */
export interface Kept<T> {
  readonly file: string;
  readonly value: T | undefined;
}

export interface LastValidation {
  readonly validation: Validation;
  readonly description: AlgorithmDescription;
  readonly profile: ValidationProfile;
}

/** Of a validation in the seller's account, what a listing says: on the recommended instance type of each use. */
export interface Measurements {
  readonly realTime?:
    | {
        readonly instanceType: string;
        readonly p50Ms: number;
        readonly p99Ms: number;
        readonly requestsPerSecond: number;
      }
    | undefined;
  readonly batch?: { readonly instanceType: string; readonly seconds: number } | undefined;
  readonly training?: { readonly instanceType: string; readonly seconds: number } | undefined;
  /** Where they ran instead, if not on AWS: `on this machine`. Then no number is of an instance type. */
  readonly elsewhere?: string | undefined;
}

export interface KeptNotebook {
  readonly file: string;
  readonly notebook: Notebook | undefined;
  readonly problem: string | undefined;
}

export interface Evidence {
  /** The newest on this machine. */
  readonly validation: Kept<LastValidation>;
  readonly measurements: Kept<Measurements>;
  readonly image: Kept<ImageCheck>;
  /** Of the one that trains, where it is another one. */
  readonly trainingImage: Kept<ImageCheck>;
  readonly notebooksFolder: string;
  readonly notebooks: readonly KeptNotebook[];
}

/** @param from what paths in messages are relative to */
export function readEvidence(folders: EvidenceFolders, from: string): Evidence {
  const named = (folder: string, name: string) => relative(from, join(folder, name));
  const kept = (folder: string) => ({
    file: named(folder, IMAGE_FILE),
    value: readJson<ImageCheck>(folder, IMAGE_FILE),
  });
  return {
    validation: newestOf(folders.validations, named),
    measurements: {
      file: named(folders.trial, VALIDATION_FILE),
      value: measurementsOf(readJson<KeptTrial>(folders.trial, VALIDATION_FILE)),
    },
    image: kept(folders.image),
    trainingImage: kept(folders.trainingImage),
    notebooksFolder: relative(from, folders.notebooks),
    notebooks: notebooksIn(folders.notebooks, from),
  };
}

// --- internal ---

const VALIDATION_FILE = 'validation.json';
const IMAGE_FILE = 'check.json';

interface KeptTrial {
  readonly result: string;
  readonly account?: string;
  readonly elsewhere?: string;
  readonly measured?: Measurements;
}

function measurementsOf(trial: KeptTrial | undefined): Measurements | undefined {
  if (trial?.result !== 'passed') return undefined;
  // Older ones have only the account.
  const { elsewhere = trial.account === LOCAL_ACCOUNT ? 'on this machine' : undefined } = trial;
  return trial.measured && { ...trial.measured, ...(elsewhere !== undefined && { elsewhere }) };
}

function newestOf(folders: readonly string[], named: (folder: string, name: string) => string): Kept<LastValidation> {
  const found = folders
    .map((folder) => ({ folder, validation: readJson<Validation>(folder, VALIDATION_FILE) }))
    .toSorted((a, b) => (b.validation?.startedAt ?? '').localeCompare(a.validation?.startedAt ?? ''));
  const [newest] = found;
  if (!newest) return { file: VALIDATION_FILE, value: undefined };
  const { folder, validation } = newest;
  const description = readJson<AlgorithmDescription>(folder, 'description.json');
  const profile = readJson<ValidationProfile>(folder, PROFILE_FILE);
  const value = validation && description && profile ? { validation, description, profile } : undefined;
  return { file: named(folder, VALIDATION_FILE), value };
}

function readJson<T>(folder: string, name: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  } catch {
    return undefined; // not there, or of a command that was interrupted: then it has to run again
  }
}

function notebooksIn(folder: string, from: string): readonly KeptNotebook[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => {
      const file = relative(from, join(folder, name));
      try {
        return { file, notebook: readNotebook(join(folder, name)), problem: undefined };
      } catch (error) {
        if (error instanceof ArgumentError) return { file, notebook: undefined, problem: messageOf(error) };
        throw error;
      }
    });
}
