/** The portal's second step, the launch option: which resource, how it is used, what goes in and comes out. */
import type { AlgorithmDescription, ValidationProfile } from '@algo/local';
import { LOCAL_ACCOUNT, type Seller } from '../documents/seller.js';
import type { Evidence } from '../evidence.js';
import { channelPlace } from '../notebooks/layout.js';
import { inferenceAmiVersion, transformAmiVersion } from '../product/gpu-hosts.js';
import { everyType } from '../product/instance-types.js';
import { CHARACTERS } from '../product/limits.js';
import type { Product } from '../product/schema.js';
import type { Field, Section } from './field.js';
import { measuredField } from './measured-field.js';
import type { Sample, Samples } from './samples.js';

export interface VersionTexts {
  readonly definition: AlgorithmDescription;
  readonly product: Product;
  readonly seller: Seller;
  readonly usage: string;
  readonly releaseNotes: string | undefined;
  readonly samples: Samples;
  readonly profile: ValidationProfile;
  readonly evidence: Evidence;
  /** Of a path below the sample data. */
  isFolder(path: string): boolean;
}

export function versionSections(texts: VersionTexts): readonly Section[] {
  const { definition } = texts;
  return [
    resourceSection(texts),
    ...(definition.TrainingSpecification ? [trainingSection(texts)] : []),
    inputSection(texts),
    outputSection(texts),
    instanceSection(texts),
  ];
}

// --- internal ---

function resourceSection({ definition, product, seller, usage, releaseNotes }: VersionTexts): Section {
  const { links } = product;
  const url = { limit: CHARACTERS.url };
  const ofAccount = (arn: string) =>
    seller.account === LOCAL_ACCOUNT ? { missingOption: '--account' } : { text: arn };
  return {
    title: 'Launch option: version and repository',
    fields: [
      { name: 'ARN', ...ofAccount(seller.arn), note: 'The resource is made first, and its status is Completed.' },
      { name: 'IAM role that AWS Marketplace reads the resource with', ...ofAccount(seller.accessRole) },
      {
        name: 'Version number',
        text: definition.Version,
        limit: CHARACTERS.version,
        note: 'It cannot be changed later.',
      },
      { name: 'Release notes', text: releaseNotes, limit: CHARACTERS.releaseNotes, missing: 'releaseNotes' },
      { name: 'Sample notebook URL', text: links.notebook, ...url, missing: 'links.notebook' },
      { name: 'Repository URL', text: links.repository, ...url, missing: 'links.repository' },
      { name: 'Usage instructions', text: usage, limit: CHARACTERS.usage },
    ],
  };
}

function trainingSection(texts: VersionTexts): Section {
  const { definition, product } = texts;
  const channels = definition.TrainingSpecification!.TrainingChannels.map(
    ({ Name, Description, IsRequired, SupportedContentTypes }) =>
      `${Name} (${IsRequired ? 'required' : 'optional'}; ${SupportedContentTypes.join(', ')}): ${Description ?? ''}`,
  );
  return {
    title: 'Launch option: training data',
    fields: [
      {
        name: 'Description of the training data',
        text: channels.join('\n'),
        note: 'Metrics, channels and hyperparameters are shown to buyers as the resource has them.',
      },
      {
        name: 'Sample of the training data: URL',
        text: product.links.samples && `${product.links.samples.replace(/\/+$/, '')}/${trainingPlace(texts)}`,
        limit: CHARACTERS.url,
        missing: 'links.samples',
      },
    ],
  };
}

/** Of the first channel that is required and has a sample, in the public repository's folder `data`. */
function trainingPlace({ definition, profile, isFolder }: VersionTexts): string {
  const channels = profile.trainingJob?.channels ?? {};
  const { TrainingChannels = [] } = definition.TrainingSpecification ?? {};
  const required = TrainingChannels.find(({ Name, IsRequired }) => IsRequired && channels[Name]);
  const name = required?.Name ?? Object.keys(channels)[0];
  return name === undefined ? '' : channelPlace(name, channels[name]!.path, isFolder);
}

function inputSection({ product, samples }: VersionTexts): Section {
  const { description, limitations, parameters } = product.input;
  return {
    title: 'Launch option: input',
    fields: [
      { name: 'Description of the input', text: description, limit: CHARACTERS.inputDescription },
      { name: 'Limitations of the input', text: limitations, limit: CHARACTERS.limitations },
      sampleField('Sample input, real time', samples.realTimeInput),
      sampleField('Sample input, batch', samples.batchInput),
      ...parameters.flatMap((parameter) => [
        { name: `Input parameter: name`, text: parameter.name, limit: CHARACTERS.parameterName },
        {
          name: `Input parameter ${parameter.name}: description`,
          text: parameter.description,
          limit: CHARACTERS.parameterDescription,
        },
        {
          name: `Input parameter ${parameter.name}: constraints`,
          text: parameter.constraints,
          limit: CHARACTERS.parameterConstraints,
        },
        {
          name: `Input parameter ${parameter.name}: required`,
          note: parameter.required ? 'Choose **Yes**.' : 'Choose **No**.',
        },
      ]),
    ],
  };
}

function outputSection({ definition, product, samples }: VersionTexts): Section {
  return {
    title: 'Launch option: output',
    fields: [
      { name: 'Description of the output', text: product.output.description, limit: CHARACTERS.inputDescription },
      sampleField('Sample output, real time', samples.realTimeOutput),
      sampleField('Sample output, batch', samples.batchOutput),
      ...definition.Capabilities.Outputs.flatMap(({ Name, Description, IsOptional }) => [
        { name: 'Output parameter: name', text: Name, limit: CHARACTERS.parameterName },
        {
          name: `Output parameter ${Name}: description`,
          text: Description,
          limit: CHARACTERS.parameterDescription,
        },
        {
          name: `Output parameter ${Name}: always returned`,
          note: IsOptional ? 'Choose **No**.' : 'Choose **Yes**.',
        },
      ]),
    ],
  };
}

function instanceSection({ definition, product, evidence }: VersionTexts): Section {
  const { recommended } = product;
  const choose = (name: string, type: string | undefined) =>
    type === undefined ? [] : [{ name: `Recommended for ${name}`, note: `Choose **${type}**.` }];
  return {
    title: 'Launch option: recommended instances',
    fields: [
      ...(definition.TrainingSpecification ? choose('training', recommended.training) : []),
      ...choose('real-time inference', recommended.realTime),
      ...choose('batch transform', recommended.batch),
      ...hostFields(product),
      measuredField(definition.Name, evidence),
    ],
  };
}

/** No field of the form, and what buyers have to set: the usage instructions say it. */
function hostFields(product: Product): readonly Field[] {
  const lines = everyType(product).flatMap(({ use, type }) => {
    const inference = use === 'realTime' ? inferenceAmiVersion(type, product) : undefined;
    const transform = use === 'batch' ? transformAmiVersion(type, product) : undefined;
    if (inference !== undefined) return [`- an endpoint on \`${type}\`: InferenceAmiVersion \`${inference}\``];
    return transform === undefined ? [] : [`- a transform on \`${type}\`: TransformAmiVersion \`${transform}\``];
  });
  if (lines.length === 0) return [];
  const note = `Nothing to choose. The default hosts' driver is too old for the image; usage instructions have:\n\n${lines.join('\n')}`;
  return [{ name: 'Hosts with GPUs', note }];
}

function sampleField(name: string, sample: Sample | undefined): Field {
  const file = sample ? ` (file \`${sample.path}\` of the sample data)` : '';
  if (sample?.url !== undefined) return { name: `${name}: URL${file}`, text: sample.url, limit: CHARACTERS.url };
  return { name: `${name}${file}`, text: sample?.text, limit: CHARACTERS.sample, missing: 'links.samples' };
}
