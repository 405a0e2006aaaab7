/**
 * The API's limits on what CreateAlgorithm takes (botocore sagemaker/2017-07-24; CONTRACT.md, definition), so that a
 * definition fails here and not after an upload.
 */
import type { Algorithm } from '../algorithm.js';
import type { ChannelDefinition, ChannelDefinitions } from '../channels/channel.js';
import type { Format } from '../formats/format.js';
import { ANSWER_FORMATS, CHANNEL_FORMATS, formatOf, REQUEST_FORMATS } from '../formats/formats.js';
import { parseMediaType } from '../formats/media-type.js';
import { hyperparameterChannel } from '../hyperparameters/channel-files.js';
import { closedBoundsOf, type Field } from '../hyperparameters/field.js';
import { metricRegex } from '../training/metrics.js';
import { conversationProblems } from './conversation-problems.js';
import type { HyperParameterSpecification } from './description.js';
import { payloadProblems } from './payload-problems.js';
import { fieldSchemaProblems } from './schema-habits.js';
import { valueProblems } from './value-problems.js';

/** The algorithm's channels, and the one that the SDK reads hyperparameters from. */
export function publishedChannels({ channels, hyperparameterChannel: name }: Algorithm): ChannelDefinitions {
  return name === undefined ? channels : { ...channels, [name]: hyperparameterChannel };
}

/** What the API would refuse in one hyperparameter's specification, a sentence each. */
export function specificationProblems(specification: HyperParameterSpecification): string[] {
  const { Name, Description, Type, Range, IsTunable } = specification;
  const problems: string[] = [];
  if (!/^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]{1,256}$/u.test(Name))
    problems.push(`Hyperparameter name "${Name}" is too long.`);
  if (Description.length < 1 || Description.length > 1024) {
    problems.push(`Hyperparameter "${Name}" must have a description of 1 to 1024 characters in .meta().`);
  }
  if (IsTunable && (Type === 'FreeText' || !Range)) {
    problems.push(`Hyperparameter "${Name}" is tunable, so it must have both bounds or a list of values.`);
  }
  if ((Range?.CategoricalParameterRangeSpecification?.Values.length ?? 1) > 30) {
    problems.push(`Hyperparameter "${Name}" must have at most 30 values.`);
  }
  return problems;
}

/**
 * What the API would refuse in the rest of the definition, or the SDK could not follow, a sentence each.
 * @param fields of its hyperparameters, by name
 */
export function definitionProblems(algorithm: Algorithm, fields: ReadonlyMap<string, Field>): string[] {
  const problems: string[] = [];
  const require = (holds: boolean, sentence: string) => void (holds || problems.push(sentence));
  const metrics = Object.keys(algorithm.metrics);
  const { name, version, description } = algorithm;
  require(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(
    name,
  ), `The name must be letters, digits and hyphens, at most 63; received "${name}".`);
  require(/^\d+\.\d+\.\d+/.test(version), `The version must be semantic, like 1.0.0; received "${version}".`);
  require(description.length >= 1 &&
    description.length <= 1024, `The description must have 1 to 1024 characters; it has ${description.length}.`);
  require(metrics.length <= 40, `There must be at most 40 metrics; there are ${metrics.length}.`);
  for (const metric of metrics) {
    require(metric.length <= 255 && metricRegex(metric).length <= 500, `Metric name "${metric}" is too long.`);
    require(!/\s/.test(metric), `Metric name "${metric}" must not contain spaces.`);
  }
  return [
    ...problems,
    ...valueProblems(algorithm),
    ...hyperparameterProblems(algorithm),
    ...[...fields.values()].flatMap((field) => [...fieldSchemaProblems(field), ...tuningProblems(field)]),
    ...channelProblems(algorithm),
    ...typeProblems('contentTypes.input', algorithm.contentTypes.input, REQUEST_FORMATS),
    ...typeProblems('contentTypes.output', algorithm.contentTypes.output, ANSWER_FORMATS),
    ...payloadProblems(algorithm),
    ...conversationProblems(algorithm),
  ];
}

// --- internal ---

function hyperparameterProblems({ hyperparameters, hyperparameterAliases = {} }: Algorithm): string[] {
  const names = Object.keys(hyperparameters.shape);
  const problems = names.length <= 100 ? [] : ['There must be at most 100 hyperparameters.'];
  for (const [alias, name] of Object.entries(hyperparameterAliases)) {
    if (!names.includes(name)) problems.push(`Alias "${alias}" means "${name}", which is not declared.`);
    if (names.includes(alias)) problems.push(`Alias "${alias}" is the name of another hyperparameter.`);
  }
  return problems;
}

function tuningProblems({ name, rule }: Field): string[] {
  if (!rule.tuning) return [];
  const { from, to, scale } = rule.tuning;
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = closedBoundsOf(rule);
  if (from < to && from >= low && to <= high && (scale !== 'Logarithmic' || from > 0)) return [];
  return [
    `Hyperparameter "${name}" must be tuned within its bounds, from less to more, and above 0 on a logarithmic scale; received ${from} to ${to}.`,
  ];
}

function channelProblems(algorithm: Algorithm): string[] {
  const { channels, train, metrics, hyperparameters, hyperparameterChannel: own } = algorithm;
  if (!train) {
    const rest = { channels, metrics, hyperparameters: hyperparameters.shape };
    return Object.entries(rest).flatMap(([part, declared]) =>
      Object.keys(declared).length > 0 ? [`Without train there must be no ${part}: nothing would use them.`] : [],
    );
  }
  const published = publishedChannels(algorithm);
  const count = Object.keys(published).length;
  if (own !== undefined && Object.hasOwn(channels, own)) {
    return [`hyperparameterChannel must be none of the declared channels; received "${own}".`];
  }
  if (count < 1 || count > 8) return [`There must be 1 to 8 channels; there are ${count}.`];
  return Object.entries(published).flatMap(([name, channel]) => [
    ...(/^[A-Za-z0-9.\-_]{1,64}$/.test(name)
      ? []
      : [`Channel name "${name}" must be letters, digits, ".", "-", "_", at most 64.`]),
    ...typeProblems(
      `channels.${name}`,
      channel.contentTypes,
      channel.content === 'files' ? undefined : CHANNEL_FORMATS,
    ),
    ...fileProblems(name, channel),
  ]);
}

/** The service's limit (API AttributeNames). */
const MAX_ATTRIBUTES = 16;

function fileProblems(name: string, channel: ChannelDefinition): string[] {
  const fileTypes = channel.content === 'files' ? [] : (channel.fileTypes ?? []);
  const { attributes = [] } = channel;
  const place = `channels.${name}`;
  const ofRows = fileTypes.filter((type) => formatOf(type, CHANNEL_FORMATS));
  return [
    ...typeProblems(`${place}.fileTypes`, fileTypes),
    ...ofRows.map((type) => `${place}.fileTypes: "${type}" is a format of rows.`),
    ...(attributes.length > MAX_ATTRIBUTES ? [`${place}: there must be at most ${MAX_ATTRIBUTES} attributes.`] : []),
    ...(new Set(attributes).size < attributes.length ? [`${place}: each attribute must be declared once.`] : []),
    ...(attributes.length > 0 && channel.content !== 'files' && fileTypes.length === 0
      ? [`${place}: attributes are those of files: without fileTypes there must be none.`]
      : []),
  ];
}

/** @param formats what the SDK reads or writes there; undefined: anything */
function typeProblems(place: string, types: readonly string[], formats?: readonly Format[]): string[] {
  const seen = new Set<string>();
  return types.flatMap((text) => {
    const type = parseMediaType(text)?.type;
    // The service gets whole names, not the short ones that jobs may use.
    if (type === undefined || !text.includes('/')) return [`${place}: "${text}" is not a media type.`];
    if (formats && !formatOf(type, formats)) {
      return [`${place}: the SDK has ${formats.map((format) => format.type).join(', ')}; received "${text}".`];
    }
    if (seen.has(type)) return [`${place}: "${type}" must be declared once.`];
    seen.add(type);
    return [];
  });
}
