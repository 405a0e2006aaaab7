/**
 * `algo listing check`: what a reviewer of AWS Marketplace or a service would refuse or hold up. A rule's
 * number is its place in the list.
 */
import { type ListingRequest, type Material, readMaterial } from '../material.js';
import { EVIDENCE_RULES } from './evidence-rules.js';
import { EXAMPLE_RULES } from './example-rules.js';
import { GPU_RULES } from './gpu-rules.js';
import { INSTANCE_RULES, TRAINING_RULES } from './instance-rules.js';
import { LINK_RULES } from './link-rules.js';
import { PROMISE_RULES, PROPERTY_RULES, TYPE_PROMISE_RULES } from './promise-rules.js';
import { RESOURCE_RULES } from './resource-rules.js';
import { type Finding, type Rule, SOURCES } from './rule.js';
import { CLASS_RULES, SAMPLE_RULES } from './sample-rules.js';
import { TEXT_RULES } from './text-rules.js';
import { VERSION_RULES } from './version-rules.js';

const PRODUCT_RULE: Rule = {
  title: 'product.yaml is there, with all that is required, and within all limits',
  source: SOURCES.products,
  find: ({ productFile: { file, problems } }) => problems.map(({ line, text }) => ({ place: `${file}:${line}`, text })),
};

export const RULES: readonly Rule[] = [
  PRODUCT_RULE,
  ...TEXT_RULES,
  ...PROMISE_RULES,
  ...LINK_RULES,
  ...INSTANCE_RULES,
  ...SAMPLE_RULES,
  ...RESOURCE_RULES,
  ...GPU_RULES,
  ...TYPE_PROMISE_RULES,
  ...TRAINING_RULES,
  ...VERSION_RULES,
  ...EVIDENCE_RULES,
  ...CLASS_RULES,
  ...PROPERTY_RULES,
  ...EXAMPLE_RULES,
];

/** @returns findings by rule; none for a listing that nothing here speaks against */
export async function checkListing(request: ListingRequest): Promise<readonly Finding[]> {
  return findingsOf(await readMaterial(request));
}

export function findingsOf(material: Material): readonly Finding[] {
  return RULES.flatMap(({ source, find }, i) => find(material).map((found) => ({ rule: i + 1, source, ...found })));
}
