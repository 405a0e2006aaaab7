/**
 * The names of categories in a manifest, with a digest: they say what the numbers in the model's files mean, and a changed
 * name would change answers without a trace.
 */
import { createHash } from 'node:crypto';
import type { Categories, UnseenCategories } from '../formats/categories/categories.js';

/** Checked with the rest of a manifest (manifest-rules.ts). */
export interface SavedCategories {
  /** What a name becomes that is not among them. */
  readonly unseen: UnseenCategories;
  /** By column; null for one of numbers. */
  readonly labels: SavedNames;
  readonly features: SavedNames;
  readonly sha256: string;
}

type SavedNames = readonly (readonly string[] | null)[];

export function saveCategories({ labels, features }: Categories, unseen: UnseenCategories): SavedCategories {
  const plain = (columns: Categories['labels']) => columns.map((own) => (own ? [...own] : null));
  const saved = { unseen, labels: plain(labels), features: plain(features) };
  return { ...saved, sha256: digestOf(saved) };
}

export function loadCategories({ labels, features }: SavedCategories): Categories {
  return { labels: labels.map((own) => own ?? undefined), features: features.map((own) => own ?? undefined) };
}

/** What is wrong with them, as a clause behind the manifest's path; undefined when nothing is. */
export function categoriesProblem(saved: SavedCategories, featureCount: number): string | undefined {
  if (saved.features.length !== featureCount) {
    return `categories must have ${featureCount} features; they have ${saved.features.length}`;
  }
  if (digestOf(saved) === saved.sha256) return undefined;
  return 'the names of categories were changed or damaged after training (their digest differs); use the unchanged model.tar.gz';
}

// --- internal ---

function digestOf({ unseen, labels, features }: Omit<SavedCategories, 'sha256'>): string {
  return createHash('sha256')
    .update(JSON.stringify([unseen, labels, features]))
    .digest('hex');
}
