/** What is asked of the check of an image, and what it answers. */
import type { Engine } from '../container/engine.js';
import type { CheckItem } from './check-item.js';

export interface ImageCheckRequest {
  readonly engine: Engine;
  readonly image: string;
  /** Gets check.json and sbom.cdx.json. */
  readonly directory: string;
  /** Of the algorithm, which the image's version label must repeat. */
  readonly version?: string | undefined;
  /** Whether its definition has a capability of SageMaker, by the last part of the capability's label; unknown ones are missing. */
  readonly capabilities?: Readonly<Record<string, boolean>> | undefined;
  /** Whether its definition says that it trains on several instances; undefined: not known. */
  readonly isDistributed?: boolean | undefined;
}

/** The content of check.json. */
export interface ImageCheck {
  readonly image: string;
  readonly digest?: string;
  readonly result: 'passed' | 'failed';
  readonly compressedBytes: number;
  readonly layers: readonly { readonly diffId: string; readonly compressedBytes: number }[];
  /** Digest of the program's bundle; null where the image has none of that form; absent in checks of older versions. */
  readonly bundle?: string | null;
  readonly items: readonly CheckItem[];
  /** Number of packages. */
  readonly packages: { readonly debian: number; readonly other: number };
  readonly directory: string;
}
