/** Rules of what texts promise: no more than the definition has, which is what buyers get. */
import type { Material } from '../material.js';
import { everyType } from '../product/instance-types.js';
import { longTexts, matchesIn, productRule, type Rule, SOURCES } from './rule.js';

const MEDIA_TYPE = /\b(?:application|audio|font|image|model|multipart|text|video)\/[a-z0-9][a-z0-9.+-]*[a-z0-9]/g;

const INSTANCE_TYPE = /\bml\.[a-z0-9-]+\.[a-z0-9-]+\b/g;

export const PROMISE_RULES: readonly Rule[] = [
  {
    title: 'texts promise only input modes that a channel has; FastFile none can have',
    source: SOURCES.fastFile,
    find(material) {
      const channels = material.definition.TrainingSpecification?.TrainingChannels ?? [];
      const modes = new Set(channels.flatMap(({ SupportedInputModes }) => SupportedInputModes));
      const promised = longTexts(material).flatMap((text) => [
        ...matchesIn(text, /\bFastFile\b/g),
        ...(modes.has('Pipe') ? [] : matchesIn(text, /\bPipe mode\b/g)),
      ]);
      return promised.map(({ place, match }) => ({
        place,
        text: `must promise only ${[...modes].join(' and ') || 'no input mode'}, the channels' modes; found "${match}"`,
      }));
    },
  },
  {
    title: 'texts name only content types that the definition has',
    source: SOURCES.requirements,
    find(material) {
      const known = contentTypes(material);
      return longTexts(material).flatMap((text) =>
        matchesIn(text, MEDIA_TYPE)
          .filter(({ match }) => !known.has(match))
          .map(({ place, match }) => ({
            place,
            text: `must name only content types of the definition; found "${match}"`,
          })),
      );
    },
  },
];

/** Apart from the others, so that numbers of rules stay. */
export const PROPERTY_RULES: readonly Rule[] = [
  productRule(
    'input and output of product.yaml name the content types of the definition, each of them and no other',
    SOURCES.requirements,
    (product, { definition: { InferenceSpecification } }) => [
      ...contentTypeProblems('input', product.input.description, InferenceSpecification.SupportedContentTypes),
      ...contentTypeProblems('output', product.output.description, InferenceSpecification.SupportedResponseMIMETypes),
    ],
  ),
];

/** Apart from the others, so that numbers of rules stay. */
export const TYPE_PROMISE_RULES: readonly Rule[] = [
  {
    title: 'texts name only instance types that the product supports',
    source: SOURCES.requirements,
    find(material) {
      const { product } = material.productFile;
      if (!product) return [];
      const listed = new Set(everyType(product).map(({ type }) => type));
      return longTexts(material).flatMap((text) =>
        matchesIn(text, INSTANCE_TYPE)
          .filter(({ match }) => !listed.has(match))
          .map(({ place, match }) => ({
            place,
            text: `must name only instance types of product.yaml; found "${match}"`,
          })),
      );
    },
  },
];

// --- internal ---

function contentTypeProblems(field: 'input' | 'output', text: string, types: readonly string[]) {
  const known = new Set(types.map((type) => type.split(';')[0]!.trim()));
  const named = new Set([...text.matchAll(MEDIA_TYPE)].map(([type]) => type));
  const path = [field, 'description'] as const;
  return [
    ...[...known].filter((type) => !named.has(type)).map((type) => [path, `must name ${type}; it does not`] as const),
    ...[...named]
      .filter((type) => !known.has(type))
      .map((type) => [path, `must name only content types of the definition; found "${type}"`] as const),
  ];
}

function contentTypes({ definition }: Material): ReadonlySet<string> {
  const { InferenceSpecification, TrainingSpecification } = definition;
  const types = [
    ...InferenceSpecification.SupportedContentTypes,
    ...InferenceSpecification.SupportedResponseMIMETypes,
    ...(TrainingSpecification?.TrainingChannels ?? []).flatMap(({ SupportedContentTypes }) => SupportedContentTypes),
  ];
  return new Set(types.map((type) => type.split(';')[0]!.trim()));
}
