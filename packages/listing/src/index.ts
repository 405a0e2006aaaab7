/** @algo/listing: a product's documents for AWS Marketplace, derived from its definition, and the checks of its listing. */

// Write the documents

export { type Listing, type WriteRequest, writeListing } from './listing.js';
