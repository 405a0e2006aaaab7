/** The Regions in which a buyer may subscribe: those of product.yaml, else the commercial ones that every account has. */
import type { Product } from '../../product/schema.js';

export function regionsOf({ regions }: Product): readonly string[] {
  return regions === 'all' ? ENABLED : regions;
}

// --- internal ---

/** Enabled in every account without its doing (AWS Account Management, "AWS Regions"). */
const ENABLED = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
];
