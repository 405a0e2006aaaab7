/** @algo/listing: a product's documents for AWS Marketplace, derived from its definition, and the checks of its listing. */

// Write the documents

export { type Listing, type WriteRequest, writeListing } from './listing.js';

// Compare a version with the published one

export { listChanges, recordRelease, type VersionChanges } from './release.js';
export type { Change } from './versions/compare.js';

// Check the listing

export { checkListing, RULES } from './check/check.js';
export type { Finding, Rule } from './check/rule.js';

export type { ListingRequest } from './material.js';

// Make notebooks, run them, publish them

export {
  type ExportRequest,
  exportData,
  exportedNotebooks,
  exportRepository,
  notebookFiles,
  type RepositoryLinks,
  repositoryLinks,
} from './notebooks/export.js';
export { makeProduct, type ProductArns } from './notebooks/local-product.js';
export { type NewNotebook, type NotebookKind, newNotebooks } from './notebooks/new.js';
export { writtenNotebook } from './notebooks/notebook.js';
export { notebookPython, type Python } from './notebooks/python.js';
export { type NotebookRun, runNotebook } from './notebooks/run.js';
export { type ProductRun, runProductNotebooks } from './notebooks/run-product.js';
export { withLinks } from './product/written-links.js';

// Report a validation to buyers

export { type Report, type ReportRequest, writeReport } from './report/report.js';
