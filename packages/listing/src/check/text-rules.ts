/** Rules of the texts: there, short enough, without what reviewers or the service refuse. */
import type { Material, TextFile } from '../material.js';
import { withoutHeading } from '../portal/portal.js';
import { CHARACTERS } from '../product/limits.js';
import { type Found, longTexts, matchesIn, type Rule, SOURCES } from './rule.js';

/** Words that claim more than a measurement can show. */
const CLAIMS = [
  /best(?![- ]practices?)|fastest|smartest|easiest|number one|ultimate|unbeatable|revolutionary|superior|never fails/,
  /most (?:accurate|advanced|complete|comprehensive|efficient|popular|powerful|reliable)|world(?:'s|[- ]class)/,
  /(?:industry|market)[- ]leading|leading|state[- ]of[- ]the[- ]art|cutting[- ]edge|unique(?:ly)?|lightning[- ]fast/,
  /un(?:matched|paralleled|rivall?ed)|perfect(?:ly)?|guarantee(?:d|s)?|(?:highest|greatest) (?:accuracy|performance|quality|speed)/,
];
const SUPERLATIVES = new RegExp(String.raw`#1\b|\b(?:${CLAIMS.map(({ source }) => source).join('|')})\b`, 'gi');

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
const UNSUPPORTED = /[\x00-\x08\x0b-\x1f]|[ \t]+[™®]/g;

export const TEXT_RULES: readonly Rule[] = [
  {
    title: `description.md, the product overview, is there and has ${CHARACTERS.description} characters or fewer`,
    source: SOURCES.products,
    find: ({ description }) => lengthOf('description.md', description, CHARACTERS.description, withoutHeading),
  },
  {
    title: `usage.md, the usage instructions, is there and has ${CHARACTERS.usage} characters or fewer`,
    source: SOURCES.shapes,
    find: ({ usage }) => lengthOf('usage.md', usage, CHARACTERS.usage, (text) => text.trim()),
  },
  {
    title: 'no text has control characters other than line feed and tab, or a space before ™ or ®',
    source: SOURCES.products,
    find: (material) =>
      longTexts(material).flatMap((text) =>
        firstPerLine(matchesIn(text, UNSUPPORTED)).map(({ place, match }) => ({
          place,
          text: `must have no control characters and no space before ™ or ®; found ${JSON.stringify(match)}`,
        })),
      ),
  },
  {
    title: 'title, short description, highlights and overview have no superlatives or claims without proof',
    source: SOURCES.requirements,
    find: (material) =>
      advertisingTexts(material).flatMap((text) =>
        matchesIn(text, SUPERLATIVES).map(({ place, match }) => ({
          place,
          text: `must have no superlative or claim without proof; found "${match}". Give a measured number`,
        })),
      ),
  },
  {
    title: 'usage.md shows code that invokes the product, and code that trains if it is an algorithm',
    source: SOURCES.requirements,
    find({ usage, definition }) {
      if (!usage) return [];
      const missing = [
        ...(CALLS.invoke.test(usage.text) ? [] : ['an endpoint or a batch transform is invoked']),
        ...(!definition.TrainingSpecification || CALLS.train.test(usage.text) ? [] : ['a training job is created']),
      ];
      return missing.map((what) => ({ place: `${usage.file}:1`, text: `must have an example in which ${what}` }));
    },
  },
  {
    title: 'usage.md names every channel and every required hyperparameter',
    source: SOURCES.requirements,
    find({ usage, definition: { TrainingSpecification } }) {
      if (!usage || !TrainingSpecification) return [];
      const { TrainingChannels, SupportedHyperParameters } = TrainingSpecification;
      const names = [
        ...TrainingChannels.map(({ Name }) => ['channel', Name] as const),
        ...SupportedHyperParameters.filter(({ IsRequired }) => IsRequired === true).map(
          ({ Name }) => ['required hyperparameter', Name] as const,
        ),
      ];
      return names
        .filter(([, name]) => !usage.text.includes(`\`${name}\``))
        .map(([kind, name]) => ({ place: `${usage.file}:1`, text: `must name the ${kind} \`${name}\`; it does not` }));
    },
  },
];

// --- internal ---

const CALLS = {
  invoke: /invoke[_-]endpoint|create[_-]transform[_-]job|InvokeEndpoint|CreateTransformJob/,
  train: /create[_-]training[_-]job|CreateTrainingJob/,
};

function lengthOf(name: string, file: TextFile | undefined, max: number, shown: (text: string) => string): Found[] {
  if (!file || shown(file.text) === '')
    return [{ place: `listing/${name}`, text: 'must be there; it is missing or empty' }];
  const { length } = shown(file.text);
  if (length <= max) return [];
  return [{ place: `${file.file}:1`, text: `must have ${max} characters or fewer; it has ${length}` }];
}

/** What sells; usage instructions only explain. Fields of product.yaml keep their lines. */
function advertisingTexts({ productFile, description, definition }: Material): readonly TextFile[] {
  const { product, file, lineOf } = productFile;
  const field = (text: string, path: readonly PropertyKey[]): TextFile => ({
    file,
    text: `${'\n'.repeat(lineOf(path) - 1)}${text}`,
  });
  return [
    ...(description ? [description] : []),
    ...(product
      ? [
          field(product.title, ['title']),
          ...(product.shortDescription ? [field(product.shortDescription, ['shortDescription'])] : []),
          ...product.highlights.map((text, i) => field(text, ['highlights', i])),
        ]
      : []),
    ...(product?.shortDescription
      ? []
      : [{ file: `the description of ${definition.Name}'s definition`, text: definition.Description }]),
  ];
}

function firstPerLine<T extends { readonly place: string }>(found: readonly T[]): readonly T[] {
  return found.filter(({ place }, i) => found.findIndex((other) => other.place === place) === i);
}
