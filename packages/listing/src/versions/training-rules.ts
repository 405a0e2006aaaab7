/** What changes for buyers who train: hyperparameters, channels, metrics. */
import { demand, type NamesOf, offer, type ProductVersion, setting, type VersionRule } from './aspect.js';
import { contains, domainOf, domainText, type Hyperparameter } from './hyperparameter-domain.js';

const isNamed = ({ Name }: { readonly Name: string }) => `hyperparameter "${Name}"`;

export const HYPERPARAMETER_RULES: readonly VersionRule[] = [
  ...offer('a hyperparameter', (version) => hyperparameters(version).map(isNamed)),
  {
    title: 'a hyperparameter takes fewer values',
    level: 'major',
    find: (before, after) =>
      pairs(before, after)
        .filter(([old, now]) => !contains(domainOf(now), domainOf(old)))
        .map(domainChange),
  },
  {
    title: 'a hyperparameter takes more values',
    level: 'minor',
    find: (before, after) =>
      pairs(before, after)
        .filter(([old, now]) => contains(domainOf(now), domainOf(old)) && !contains(domainOf(old), domainOf(now)))
        .map(domainChange),
  },
  setting(
    'a default',
    (version) =>
      new Map(
        hyperparameters(version)
          .filter(({ IsRequired }) => IsRequired !== true)
          .map((one) => [`the default of ${isNamed(one)}`, one.DefaultValue as string | undefined]),
      ),
  ),
  ...demand(
    'a hyperparameter',
    (version) =>
      hyperparameters(version)
        .filter(({ IsRequired }) => IsRequired === true)
        .map(isNamed),
    (version) => hyperparameters(version).map(isNamed),
  ),
  ...offer('tuning of a hyperparameter', (version, other) =>
    common(version, other)
      .filter(({ IsTunable }) => IsTunable === true)
      .map((one) => `tuning of ${isNamed(one)}`),
  ),
];

const channelNames: NamesOf = (version) => channels(version).map(({ Name }) => `channel "${Name}"`);

export const TRAINING_RULES: readonly VersionRule[] = [
  // The catalog refuses it: a product of another kind is another product.
  setting(
    'the kind of product',
    ({ definition }) =>
      new Map([['the kind of product', definition.TrainingSpecification ? 'algorithm' : 'model package']]),
  ),
  ...offer('a channel', channelNames),
  ...demand(
    'a channel',
    (version) =>
      channels(version)
        .filter(({ IsRequired }) => IsRequired)
        .map(({ Name }) => `channel "${Name}"`),
    channelNames,
  ),
  ...offer('a content type, compression or input mode of a channel', (version, other) => {
    const known = channels(other).map(({ Name }) => Name);
    return channels(version)
      .filter(({ Name }) => known.includes(Name))
      .flatMap(({ Name, SupportedContentTypes, SupportedCompressionTypes, SupportedInputModes }) => [
        ...SupportedContentTypes.map((type) => `content type ${type} of channel "${Name}"`),
        ...SupportedCompressionTypes.map((type) => `compression ${type} of channel "${Name}"`),
        ...SupportedInputModes.map((mode) => `${mode} mode of channel "${Name}"`),
      ]);
  }),
  ...offer('training on several instances', ({ definition: { TrainingSpecification } }) =>
    TrainingSpecification?.SupportsDistributedTraining ? ['training on several instances'] : [],
  ),
  ...offer('a metric', ({ definition: { TrainingSpecification } }) =>
    (TrainingSpecification?.MetricDefinitions ?? []).map(({ Name }) => `metric "${Name}"`),
  ),
  ...offer('a tuning objective', ({ definition: { TrainingSpecification } }) =>
    objectives(TrainingSpecification).map(({ Type, MetricName }) => `objective ${Type} "${MetricName}"`),
  ),
];

// --- internal ---

type Training = ProductVersion['definition']['TrainingSpecification'];

function hyperparameters({ definition }: ProductVersion): readonly Hyperparameter[] {
  return definition.TrainingSpecification?.SupportedHyperParameters ?? [];
}

function channels({ definition }: ProductVersion) {
  return definition.TrainingSpecification?.TrainingChannels ?? [];
}

function objectives(training: Training): readonly { readonly Type: string; readonly MetricName: string }[] {
  return (training?.SupportedTuningJobObjectiveMetrics ?? []) as { Type: string; MetricName: string }[];
}

/** The hyperparameters that the other version has too. */
function common(version: ProductVersion, other: ProductVersion): readonly Hyperparameter[] {
  const known = hyperparameters(other).map(({ Name }) => Name);
  return hyperparameters(version).filter(({ Name }) => known.includes(Name));
}

function pairs(before: ProductVersion, after: ProductVersion): readonly (readonly [Hyperparameter, Hyperparameter])[] {
  return common(before, after).map((old) => [old, hyperparameters(after).find(({ Name }) => Name === old.Name)!]);
}

function domainChange([old, now]: readonly [Hyperparameter, Hyperparameter]): string {
  return `${isNamed(now)} takes ${domainText(domainOf(now))}; it took ${domainText(domainOf(old))}`;
}
