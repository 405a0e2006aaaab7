/**
 * `describe`: the definition in the service's own shapes and names, as CreateAlgorithm takes them (botocore
 * sagemaker/2017-07-24: TrainingSpecification, InferenceSpecification). The API's limits are checked here, before AWS
 * would after an upload.
 */
import type { Algorithm } from '../algorithm.js';
import type { ConversationDefinition } from '../conversation/definition.js';
import { DEFAULT_MESSAGE_BYTES } from '../conversation/message-limit.js';
import { AlgorithmError } from '../errors.js';
import { closedBoundsOf, describeFields, type Field, type Rule } from '../hyperparameters/field.js';
import { describeAnswer, describeInput } from '../payloads/describe.js';
import { metricRegex } from '../training/metrics.js';
import type { Description, HyperParameterSpecification, TuningRangeSpecification } from './description.js';
import { definitionProblems, publishedChannels, specificationProblems } from './limits.js';

/** @throws AlgorithmError listing every rule of the API, and of the SDK, that the definition breaks */
export function describeAlgorithm(algorithm: Algorithm): Description {
  const fields = describeFields(algorithm.hyperparameters);
  const hyperparameters = specifyHyperparameters(algorithm, fields);
  const problems = [...definitionProblems(algorithm, fields), ...hyperparameters.flatMap(specificationProblems)];
  if (problems.length > 0) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `The definition of "${algorithm.name}" cannot be listed. ${problems.join(' ')}`,
    );
  }
  return {
    Name: algorithm.name,
    Version: algorithm.version,
    Description: algorithm.description,
    ...(algorithm.train && { TrainingSpecification: specifyTraining(algorithm, hyperparameters) }),
    InferenceSpecification: {
      SupportedContentTypes: [...algorithm.contentTypes.input, ...Object.keys(algorithm.inputs)],
      SupportedResponseMIMETypes: [...algorithm.contentTypes.output, ...Object.keys(algorithm.answers)],
    },
    Capabilities: {
      SupportsGpu: algorithm.supportsGpu ?? false,
      Metrics: Object.fromEntries(
        Object.entries(algorithm.metrics).map(([name, metric]) => [name, metric.description]),
      ),
      Lists: listsOf(fields),
      TuningRanges: tuningRangesOf(fields),
      Outputs: Object.entries(algorithm.outputs).map(([name, output]) => ({
        Name: name,
        Description: output.description,
        IsOptional: output.optional ?? false,
      })),
      Inputs: Object.entries(algorithm.inputs).map(([type, input]) => describeInput(type, input)),
      Answers: Object.entries(algorithm.answers).map(([type, answer]) => describeAnswer(type, answer)),
      ...(algorithm.conversation && { Conversation: describeConversation(algorithm.conversation) }),
    },
  };
}

// --- internal ---

type Fields = ReadonlyMap<string, Field>;

function specifyTraining(
  algorithm: Algorithm,
  SupportedHyperParameters: readonly HyperParameterSpecification[],
): NonNullable<Description['TrainingSpecification']> {
  const metrics = Object.entries(algorithm.metrics);
  return {
    SupportedHyperParameters,
    SupportsDistributedTraining: algorithm.supportsDistributedTraining ?? false,
    MetricDefinitions: metrics.map(([name]) => ({ Name: name, Regex: metricRegex(name) })),
    TrainingChannels: Object.entries(publishedChannels(algorithm)).map(([name, channel]) => ({
      Name: name,
      Description: channel.description,
      IsRequired: channel.required ?? false,
      SupportedContentTypes: [
        ...channel.contentTypes,
        ...(channel.content === 'files' ? [] : (channel.fileTypes ?? [])),
      ],
      SupportedCompressionTypes: channel.compressionTypes ?? ['None', 'Gzip'],
      SupportedInputModes: channel.inputModes ?? ['File', 'Pipe'],
    })),
    SupportedTuningJobObjectiveMetrics: metrics
      .filter(([name]) => name.startsWith('validation:'))
      .map(([name, metric]) => ({
        Type: metric.goal === 'minimize' ? ('Minimize' as const) : ('Maximize' as const),
        MetricName: name,
      })),
  };
}

function describeConversation({
  description: Description,
  maxMessageBytes: MaxMessageBytes = DEFAULT_MESSAGE_BYTES,
}: ConversationDefinition): NonNullable<Description['Capabilities']['Conversation']> {
  return { Description, MaxMessageBytes };
}

/** Aliases are listed next to the names they mean: the platform refuses names that are not listed. */
function specifyHyperparameters(algorithm: Algorithm, fields: Fields): HyperParameterSpecification[] {
  const specifications = [...fields.values()].map(specify);
  for (const [alias, name] of Object.entries(algorithm.hyperparameterAliases ?? {})) {
    const field = fields.get(name);
    if (!field) continue; // a problem of the definition
    const { DefaultValue: _, ...specification } = specify(field);
    specifications.push({
      ...specification,
      Name: alias,
      Description: `Alias of ${name}.`,
      IsTunable: false,
      IsRequired: false,
    });
  }
  return specifications;
}

/** The rules of hyperparameters that are lists, by name. */
function listsOf(fields: Fields): Record<string, string> {
  const lists = [...fields.values()].flatMap(({ name, rule }) => (rule.list === undefined ? [] : [[name, rule.list]]));
  return Object.fromEntries(lists);
}

function tuningRangesOf(fields: Fields): Record<string, TuningRangeSpecification> {
  const ranges: Record<string, TuningRangeSpecification> = {};
  for (const { name, rule } of fields.values()) {
    if (!rule.tuning) continue;
    const { from, to, scale = 'Auto' } = rule.tuning;
    ranges[name] = { MinValue: String(from), MaxValue: String(to), ScalingType: scale };
  }
  return ranges;
}

function specify(field: Field): HyperParameterSpecification {
  const { rule } = field;
  return {
    Name: field.name,
    Description: rule.description ?? '',
    ...typeAndRange(rule),
    IsTunable: rule.tunable ?? false,
    IsRequired: field.isRequired,
    ...(rule.default !== undefined && { DefaultValue: String(rule.default) }),
  };
}

function typeAndRange(rule: Rule): Pick<HyperParameterSpecification, 'Type' | 'Range'> {
  if (rule.type === 'integer' || rule.type === 'number') {
    const Type = rule.type === 'integer' ? 'Integer' : 'Continuous';
    const { low, high } = closedBoundsOf(rule);
    if (low === undefined || high === undefined) return { Type };
    return {
      Type,
      Range: { [`${Type}ParameterRangeSpecification`]: { MinValue: String(low), MaxValue: String(high) } },
    };
  }
  // The service compares text: Python's clients send True, JavaScript's true.
  const values = rule.type === 'boolean' ? ['true', 'false', 'True', 'False'] : rule.enum?.map(String);
  if (!values) return { Type: 'FreeText' };
  return { Type: 'Categorical', Range: { CategoricalParameterRangeSpecification: { Values: values } } };
}
