/**
 * What is wrong with the rows that a model says it takes. They come from an algorithm or from another program's files, and
 * a list of the wrong length would shift columns, so that answers would be wrong without an error.
 */
import type { Categories } from '../formats/categories/categories.js';
import { quoted } from '../visible.js';
import type { ModelInput } from './model.js';

/** The first rule that it breaks, as a sentence without its end; undefined when all is well. */
export function modelInputProblem(input: ModelInput): string | undefined {
  const { featureCount, featureNames, exampleRow, libsvmIndexBase, categories, unseenCategories } = input;
  if (featureCount === undefined) return exampleRow && 'exampleRow must come with featureCount';
  if (!Number.isSafeInteger(featureCount) || featureCount < 1) {
    return `featureCount must be an integer ≥ 1; received ${featureCount}`;
  }
  if (featureCount > MOST_FEATURES) return `featureCount must be at most ${MOST_FEATURES}; received ${featureCount}`;
  if (exampleRow && (exampleRow.length !== featureCount || !exampleRow.every(Number.isFinite))) {
    return `exampleRow must be ${featureCount} finite numbers`;
  }
  if (libsvmIndexBase !== undefined && libsvmIndexBase !== 0 && libsvmIndexBase !== 1) {
    return `libsvmIndexBase must be 0 or 1; received ${libsvmIndexBase}`;
  }
  if (unseenCategories !== undefined && !UNSEEN.includes(unseenCategories)) {
    return `unseenCategories must be one of ${UNSEEN.join(', ')}; received ${quoted(String(unseenCategories))}`;
  }
  return namesProblem(featureNames, featureCount) ?? (categories && categoriesProblem(categories, featureCount));
}

// --- internal ---

/** The longest row that an array holds. */
const MOST_FEATURES = 2 ** 31;
const UNSEEN = ['error', 'missing', 'other'];

function namesProblem(names: readonly string[] | undefined, featureCount: number): string | undefined {
  if (!names) return undefined;
  if (!Array.isArray(names) || names.length !== featureCount) {
    return `featureNames must have a name for each of the ${featureCount} features; received ${lengthOf(names)}`;
  }
  return listProblem('featureNames', names);
}

function categoriesProblem({ labels, features }: Categories, featureCount: number): string | undefined {
  if (!Array.isArray(labels)) return 'categories.labels must be a list, empty where labels are numbers';
  if (!Array.isArray(features) || features.length !== featureCount) {
    return `categories.features must have an entry for each of the ${featureCount} features, undefined for one of numbers; received ${lengthOf(features)}`;
  }
  for (const [role, columns] of Object.entries({ labels, features })) {
    for (const [index, names] of columns.entries()) {
      const place = `categories.${role}[${index}]`;
      if (names === undefined) continue;
      if (!Array.isArray(names)) return `${place} must be a list of names, or undefined for a column of numbers`;
      const problem = listProblem(place, names);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

/** Of names that must be texts, each once. */
function listProblem(place: string, names: readonly unknown[]): string | undefined {
  const seen = new Set<unknown>();
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string') return `${place}[${index}] must be text; received ${String(name)}`;
    if (seen.has(name)) return `${place} must have each name once; received ${quoted(name)} twice`;
    seen.add(name);
  }
  return undefined;
}

function lengthOf(list: unknown): string {
  return Array.isArray(list) ? String(list.length) : 'no list';
}
