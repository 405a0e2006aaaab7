/**
 * What follows from text columns: which columns are categories, and the classes. Names of classes are sorted by their
 * bytes, so the second of two is class 1.
 */
import { ClientError } from '@algo/contract';
import type { TextColumns } from '../data/scan.js';
import type { Settings } from '../hyperparameters/settings.js';

/**
 * The settings with what columns of text add: categorical columns, and the number of classes.
 * @throws ClientError E_HYPERPARAMETER for an objective that takes no names, another number of classes than there are
 *   names, no number of classes at all, or values that are only for categories
 */
export function withText(settings: Settings, { categories, labelCount }: TextColumns): Settings {
  const { categoricalColumns: given, embeddingDimensions, unseenCategories } = settings;
  const named = (categories?.features ?? []).flatMap((names, column) => (names ? [column] : []));
  const categoricalColumns = [...new Set([...given, ...named])].sort((one, other) => one - other);
  if (categoricalColumns.length === 0 && embeddingDimensions !== undefined) {
    throw refused(
      'embedding_dimensions',
      `is only for columns of categories; received "${embeddingDimensions}", and there are none. Leave it out.`,
    );
  }
  if (named.length === 0 && unseenCategories !== 'error') {
    throw refused(
      'unseen_categories',
      `is only for feature columns of text; received "${unseenCategories}", and there are none. Leave it out.`,
    );
  }
  if (named.length > 0 && settings.imageShape) {
    throw new ClientError(
      'E_DATA_NUMBER',
      `Channel "train": with input_shape all feature columns must be numbers; column ${named[0]} (from 0) is text.`,
    );
  }
  const names = categories?.labels.find((own) => own !== undefined);
  const classCount = names ? countNames(settings, names, labelCount) : requireCount(settings);
  requireClassWeights(settings, classCount);
  return { ...settings, categoricalColumns, classCount };
}

// --- internal ---

/** More names would push the end of the sentence out of what SageMaker shows of a failure. */
const SHOWN_NAMES = 8;

function requireCount({ task, classCount }: Settings): number | undefined {
  if (task !== 'multiclass' || classCount !== undefined) return classCount;
  throw refused(
    'num_classes',
    'is required with objective "multiclass" where labels are numbers: the number of classes.',
  );
}

function countNames({ task, classCount }: Settings, names: readonly string[], labelCount: number): number {
  const shown = names.slice(0, SHOWN_NAMES).map((name) => JSON.stringify(name));
  const classes = `${shown.join(', ')}${names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : ''}`;
  if (task === 'regression') {
    throw refused(
      'objective',
      `must be binary or multiclass for labels that are text (${classes}); received "regression".`,
    );
  }
  if (labelCount > 1) {
    throw new ClientError(
      'E_DATA_LABEL',
      `Channel "train": labels that are text must be one column of classes; received ${labelCount} label columns. Check label_size of its content type.`,
    );
  }
  if (names.length < 2) {
    throw new ClientError(
      'E_DATA_LABEL',
      `Channel "train" must have labels of 2 classes or more; received only ${classes}.`,
    );
  }
  if (task === 'binary' && names.length > 2) {
    throw refused('objective', `must be multiclass for ${names.length} classes (${classes}); received "binary".`);
  }
  if (classCount !== undefined && classCount !== names.length) {
    throw refused(
      'num_classes',
      `must be ${names.length}, the classes of the labels (${classes}); received "${classCount}".`,
    );
  }
  return names.length;
}

function requireClassWeights({ classWeights }: Settings, classCount: number | undefined): void {
  if (classWeights === undefined || classWeights === 'balanced' || classWeights.length === classCount) return;
  throw refused('class_weights', `must have ${classCount} weights, one per class; received ${classWeights.length}.`);
}

function refused(hyperparameter: string, rule: string): ClientError {
  return new ClientError('E_HYPERPARAMETER', `Hyperparameter "${hyperparameter}" ${rule}`);
}
