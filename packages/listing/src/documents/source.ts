/** What documents are made of: the definition, what the seller decides, and the sample data's validation profile. */
import type { AlgorithmDescription, ValidationProfile } from '@algo/local';
import type { Product } from '../product/schema.js';
import type { Seller } from './seller.js';

export interface Source {
  readonly definition: AlgorithmDescription;
  readonly product: Product;
  readonly profile: ValidationProfile;
  readonly seller: Seller;
  /** Of this version; undefined where nothing says what is new. */
  readonly releaseNotes: string | undefined;
  /** Whether a path of the sample data is a folder. */
  isFolder(path: string): boolean;
}

/** A document of JSON. */
export type Document = Readonly<Record<string, unknown>>;
