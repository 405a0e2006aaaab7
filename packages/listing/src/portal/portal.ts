/**
 * `portal.md`: every field of the portal's form in its order, ready to paste. The Catalog API of AWS Marketplace is open to few
 * sellers; the form is open to all. Source of the order: AWS Marketplace Seller Guide, "Publishing your product".
 */
import type { Source } from '../documents/source.js';
import type { Material } from '../material.js';
import type { Field, Section } from './field.js';
import { offerSections } from './offer-fields.js';
import { productSections } from './product-fields.js';
import { samplesOf } from './samples.js';
import { versionSections } from './version-fields.js';

/** @returns Markdown, LF line ends */
export function portalPage({ product, definition, seller, profile, releaseNotes }: Source, material: Material): string {
  const samples = samplesOf(profile, material.sampleData, product.links.samples);
  const usage = material.usage?.text.trim() ?? '';
  const sections = [
    ...productSections(
      product,
      withoutHeading(material.description?.text ?? ''),
      shortDescriptionOf({ product, definition }),
    ),
    ...versionSections({
      definition,
      product,
      seller,
      usage,
      releaseNotes,
      samples,
      profile,
      evidence: material.evidence,
      isFolder: material.sampleData.isFolder,
    }),
    ...offerSections({ product, definition }),
  ];
  const head = [
    `# ${product.title}: the portal's form`,
    'AWS Marketplace Management Portal, **Products**, **Machine learning**, **Create new listing**. The fields are in the order of' +
      '\nthe form; copy each box.',
  ];
  return `${[...head, ...sections.map(sectionText)].join('\n\n')}\n`;
}

/** A text without the heading that repeats the product's name. */
export function withoutHeading(markdown: string): string {
  return markdown.replace(/^# .*\n+/, '').trim();
}

/** That of product.yaml, or the definition's. */
export function shortDescriptionOf({ product, definition }: Pick<Source, 'product' | 'definition'>): string {
  return product.shortDescription ?? definition.Description;
}

// --- internal ---

function sectionText({ title, fields }: Section): string {
  return [`## ${title}`, ...fields.map(fieldText)].join('\n\n');
}

function fieldText({ name, text, limit, note, missing, missingOption }: Field): string {
  const parts = [`### ${name}`];
  if (note !== undefined) parts.push(note);
  if (text !== undefined && text !== '') {
    if (limit !== undefined) parts.push(`${text.length} of ${limit} characters.`);
    parts.push(box(text));
  } else if (missingOption !== undefined) parts.push(`**Missing**: give \`${missingOption}\` to algo listing.`);
  else if (missing !== undefined) parts.push(`**Missing**: write \`${missing}\` in product.yaml.`);
  else if (note === undefined) parts.push('Leave it empty.');
  return parts.join('\n\n');
}

/** In a fence that the text does not have. */
function box(text: string): string {
  let fence = '```';
  while (text.includes(fence)) fence += '`';
  return `${fence}text\n${text}\n${fence}`;
}
