/**
 * What follows from text columns: which features are categories, and the classes. Names of classes are sorted by their
 * bytes, so the second of two is class 1.
 */
import { type Categories, ClientError } from '@algo/contract';
import { hyperparameters } from '../hyperparameters/index.js';
import type { Settings } from '../hyperparameters/settings.js';
import { isMultiClassName } from '../objectives/index.js';

/** The relevant part of a table. */
interface TextTable {
  readonly name: string;
  readonly labelCount: number;
  readonly categories?: Categories | undefined;
}

/**
 * The settings with what columns of text add: categorical features, and the number of classes.
 * @throws ClientError E_HYPERPARAMETER for an objective that takes no names, another number of classes than there are
 *   names, no number of classes at all, or values that are only for categories
 */
export function withText(settings: Settings, table: TextTable): Settings {
  const { categoricalFeatures: given = [], parameters, tree, unseenCategories } = settings;
  const named = (table.categories?.features ?? []).flatMap((names, column) => (names ? [column] : []));
  const categorical = [...new Set([...given, ...named])].sort((one, other) => one - other);
  const problems = [
    ...(categorical.length === 0 ? idle('max_cat_to_onehot', tree.maxCatToOnehot, 'categorical columns') : []),
    ...(categorical.length === 0 ? idle('max_cat_threshold', tree.maxCatThreshold, 'categorical columns') : []),
    ...(named.length === 0 ? idle('unseen_categories', unseenCategories, 'feature columns of text') : []),
  ];
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
  const classCount = classCountOf(settings, table);
  return {
    ...settings,
    categoricalFeatures: categorical.length > 0 ? categorical : undefined,
    ...(classCount !== undefined && { classCount, parameters: { ...parameters, classCount } }),
  };
}

// --- internal ---

/** More names would push the end of the sentence out of what SageMaker shows of a failure. */
const SHOWN_NAMES = 8;

/** A sentence when `value` would do nothing with these columns. */
function idle(
  name: 'max_cat_to_onehot' | 'max_cat_threshold' | 'unseen_categories',
  value: unknown,
  wanted: string,
): string[] {
  if (value === hyperparameters().shape[name].parse(undefined)) return [];
  return [`Hyperparameter "${name}" is only for ${wanted}; received "${value}", and there are none. Leave it out.`];
}

/** Classes of a multi-class objective; undefined for another. */
function classCountOf(
  { objective, classCount: given }: Settings,
  { name, labelCount, categories }: TextTable,
): number | undefined {
  const isMultiClass = isMultiClassName(objective);
  const names = categories?.labels.find((own) => own !== undefined);
  const refuse = (hyperparameter: string, rule: string) =>
    new ClientError('E_HYPERPARAMETER', `Hyperparameter "${hyperparameter}" ${rule}`);
  if (!names) {
    if (!isMultiClass || given !== undefined) return given;
    throw refuse(
      'num_class',
      `is required with objective "${objective}" where labels are numbers: the number of classes.`,
    );
  }
  const shown = names.slice(0, SHOWN_NAMES).map((text) => JSON.stringify(text));
  const classes = `${shown.join(', ')}${names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : ''}`;
  if (labelCount > 1) {
    throw new ClientError(
      'E_DATA_LABEL',
      `Channel "${name}": labels that are text must be one column of classes; received ${labelCount} label columns. Check label_size of its content type.`,
    );
  }
  if (!isMultiClass && !objective.startsWith('binary:')) {
    throw refuse(
      'objective',
      `must be one of multi: or binary: for labels that are text (${classes}); received "${objective}".`,
    );
  }
  if (names.length < 2) {
    throw new ClientError(
      'E_DATA_LABEL',
      `Channel "${name}" must have labels of 2 classes or more; received only ${classes}.`,
    );
  }
  if (!isMultiClass && names.length > 2) {
    throw refuse(
      'objective',
      `must be one of multi: for ${names.length} classes (${classes}); received "${objective}", which takes 2.`,
    );
  }
  if (given !== undefined && given !== names.length) {
    throw refuse('num_class', `must be ${names.length}, the classes of the labels (${classes}); received "${given}".`);
  }
  return isMultiClass ? names.length : undefined;
}
