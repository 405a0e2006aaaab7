/**
 * Keys and values of a definition that the compiler checks, for definitions that it has not seen: in JavaScript, through a
 * cast, or read from a file. A misspelt key is dropped without a trace otherwise.
 */
import type { Algorithm } from '../algorithm.js';
import { batchingLimits } from '../batching/limits.js';
import { messageOf } from '../errors.js';
import { unknownKeyProblems } from './unknown-keys.js';

/** A sentence each. */
export function valueProblems(algorithm: Algorithm): string[] {
  const { values, metrics, outputs, channels, inputs, answers, contentTypes, precision, maxPayloadBytes } = algorithm;
  return [
    ...unknownKeyProblems('values', values, ['missingValues', 'infiniteValues', 'text', 'range']),
    ...(['missingValues', 'infiniteValues', 'text'] as const).flatMap((key) =>
      choiceProblems(`values.${key}`, values[key], ['refuse', 'accept']),
    ),
    ...choiceProblems('values.range', values.range, ['float32']),
    ...choiceProblems('precision', precision, ['float32', 'float64']),
    ...unknownKeyProblems('contentTypes', contentTypes, ['input', 'output']),
    ...entriesOf('metrics', metrics).flatMap(([place, metric]) => [
      ...unknownKeyProblems(place, metric, ['goal', 'description', 'optional']),
      ...choiceProblems(`${place}.goal`, metric.goal ?? null, ['minimize', 'maximize']),
    ]),
    ...entriesOf('outputs', outputs).flatMap(([place, output]) =>
      unknownKeyProblems(place, output, ['description', 'optional']),
    ),
    ...entriesOf('channels', channels).flatMap(([place, channel]) => [
      ...unknownKeyProblems(place, channel, CHANNEL_KEYS),
      ...choiceProblems(`${place}.content`, channel.content, ['rows', 'files']),
      ...(channel.inputModes ?? []).flatMap((mode) => choiceProblems(`${place}.inputModes`, mode, ['File', 'Pipe'])),
      ...(channel.compressionTypes ?? []).flatMap((type) =>
        choiceProblems(`${place}.compressionTypes`, type, ['None', 'Gzip']),
      ),
    ]),
    ...entriesOf('inputs', inputs).flatMap(([place, input]) =>
      unknownKeyProblems(place, input, ['description', 'schema', 'decode', 'maxBytes']),
    ),
    ...entriesOf('answers', answers).flatMap(([place, answer]) =>
      unknownKeyProblems(place, answer, ['description', 'schema', 'encode']),
    ),
    ...batchingProblems(algorithm),
    ...sessionProblems(algorithm),
    ...(algorithm.units && !algorithm.isMetered ? ['units needs isMetered: true, or no header has them.'] : []),
    ...(maxPayloadBytes === undefined || (Number.isSafeInteger(maxPayloadBytes) && maxPayloadBytes >= 1)
      ? []
      : [`maxPayloadBytes must be an integer ≥ 1; received ${maxPayloadBytes}.`]),
  ];
}

// --- internal ---

const CHANNEL_KEYS = [
  'description',
  'required',
  'inputModes',
  'compressionTypes',
  'attributes',
  'content',
  'contentTypes',
  'fileTypes',
];

function batchingProblems({ batching }: Algorithm): string[] {
  if (!batching) return [];
  const problems = unknownKeyProblems('batching', batching, ['maxRows', 'maxDelayMs', 'maxQueuedRows']);
  try {
    batchingLimits(batching);
    return problems;
  } catch (error) {
    return [...problems, messageOf(error)];
  }
}

function sessionProblems({ sessions }: Algorithm): string[] {
  if (!sessions) return [];
  const bad = Object.entries(sessions).filter(([, value]) => !(Number.isSafeInteger(value) && value >= 1));
  return [
    ...unknownKeyProblems('sessions', sessions, ['maxCount', 'lifeSeconds']),
    ...bad.map(([name, value]) => `sessions.${name} must be an integer ≥ 1; received ${value}.`),
  ];
}

function choiceProblems(place: string, value: string | null | undefined, choices: readonly string[]): string[] {
  if (value === undefined || choices.includes(value as string)) return [];
  const rule = choices.map((choice) => `"${choice}"`).join(' or ');
  return [`${place} must be ${rule}; ${value === null ? 'it is missing' : `received ${JSON.stringify(value)}`}.`];
}

function entriesOf<D>(part: string, definitions: Readonly<Record<string, D>>): [string, D][] {
  return Object.entries(definitions).map(([name, definition]) => [`${part}["${name}"]`, definition]);
}
