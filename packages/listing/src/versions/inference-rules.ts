/** What changes for buyers who predict: content types, the columns of answers, fields of the algorithm's own documents. */
import { USE_NAMES, USES } from '../product/instance-types.js';
import { demand, offer, type ProductVersion, setting, type VersionRule } from './aspect.js';

export const INFERENCE_RULES: readonly VersionRule[] = [
  ...offer('a content type of requests', ({ definition: { InferenceSpecification } }) =>
    InferenceSpecification.SupportedContentTypes.map((type) => `content type ${type} of requests`),
  ),
  ...offer('a content type of answers', ({ definition: { InferenceSpecification } }) =>
    InferenceSpecification.SupportedResponseMIMETypes.map((type) => `content type ${type} of answers`),
  ),
  // A request without Accept gets the first one.
  setting(
    'the content type of an answer to a request without Accept',
    ({ definition: { InferenceSpecification } }) =>
      new Map([['the content type of answers by default', InferenceSpecification.SupportedResponseMIMETypes[0]]]),
  ),
  ...offer('an output', ({ definition }) => definition.Capabilities.Outputs.map(({ Name }) => `output "${Name}"`)),
  ...offer('an output of every answer', (version, other) => {
    const known = other.definition.Capabilities.Outputs.map(({ Name }) => Name);
    return version.definition.Capabilities.Outputs.filter(
      ({ Name, IsOptional }) => !IsOptional && known.includes(Name),
    ).map(({ Name }) => `output "${Name}" in every answer`);
  }),
  ...offer('a field of requests', (version, other) =>
    fieldsOf(version, 'Inputs', other).map(({ name }) => `${name} of requests`),
  ),
  ...demand(
    'a field of requests',
    (version, other) =>
      fieldsOf(version, 'Inputs', other)
        .filter(({ isRequired }) => isRequired)
        .map(({ name }) => `${name} of requests`),
    (version, other) => fieldsOf(version, 'Inputs', other).map(({ name }) => `${name} of requests`),
  ),
  ...offer('a field of answers', (version, other) =>
    fieldsOf(version, 'Answers', other).map(({ name }) => `${name} of answers`),
  ),
  ...offer('a field of every answer', (version, other) =>
    fieldsOf(version, 'Answers', other)
      .filter(
        ({ isRequired, name }) => isRequired && fieldsOf(other, 'Answers', version).some((one) => one.name === name),
      )
      .map(({ name }) => `${name} in every answer`),
  ),
  setting(
    'the rule of a field',
    (version) =>
      new Map(
        (['Inputs', 'Answers'] as const).flatMap((side) =>
          fieldsOf(version, side, version).map(
            ({ name, rule }) => [`the rule of ${name} of ${side === 'Inputs' ? 'requests' : 'answers'}`, rule] as const,
          ),
        ),
      ),
  ),
  {
    title: 'requests must be smaller',
    level: 'major',
    find: (before, after) =>
      sizes(before, after)
        .filter(({ old, now }) => now < old)
        .map(sizeChange),
  },
  {
    title: 'requests may be larger',
    level: 'minor',
    find: (before, after) =>
      sizes(before, after)
        .filter(({ old, now }) => now > old)
        .map(sizeChange),
  },
];

export const INSTANCE_RULES: readonly VersionRule[] = offer('an instance type', ({ instances }, other) =>
  // A description without a product.yaml does not say which there were.
  USES.filter((use) => other.instances[use]).flatMap((use) =>
    (instances[use] ?? []).map((type) => `${type} for ${USE_NAMES[use]}`),
  ),
);

// --- internal ---

type Side = 'Inputs' | 'Answers';

interface Field {
  /** `field "text" of application/json` */
  readonly name: string;
  readonly rule: string;
  readonly isRequired: boolean;
}

/** Fields of content types that both versions have: a new type breaks nothing, whatever it asks for. */
function fieldsOf(version: ProductVersion, side: Side, other: ProductVersion): readonly Field[] {
  const known = other.definition.Capabilities[side].map(({ ContentType }) => ContentType);
  return version.definition.Capabilities[side]
    .filter(({ ContentType }) => known.includes(ContentType))
    .flatMap(({ ContentType, Fields = [] }) =>
      Fields.map(({ Path, Rule, IsRequired }) => ({
        ...{ name: `field "${Path}" of ${ContentType}`, rule: Rule, isRequired: IsRequired },
      })),
    );
}

interface Size {
  readonly type: string;
  readonly old: number;
  readonly now: number;
}

function sizes(before: ProductVersion, after: ProductVersion): readonly Size[] {
  return before.definition.Capabilities.Inputs.flatMap(({ ContentType: type, MaxDecodedBytes: old = Infinity }) => {
    const found = after.definition.Capabilities.Inputs.find(({ ContentType }) => ContentType === type);
    return found ? [{ type, old, now: found.MaxDecodedBytes ?? Infinity }] : [];
  });
}

function sizeChange({ type, old, now }: Size): string {
  return `a request of ${type} may decode to ${now} bytes; it was ${old}`;
}
