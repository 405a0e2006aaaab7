/** What a form takes from the description of an algorithm of this machine. */

import { at, listAt, textAt } from './members.js';
import { objectAt } from './request.js';
import type { Members } from './state.js';
import type { ChannelDraft, TrainingDraft } from './training-draft.js';
import { RANGE_TYPES, type RangeDraft } from './tuning-draft.js';

export interface KnownHyperparameter {
  readonly name: string;
  readonly type: string;
  readonly about: string;
  /** What it is without a value: its default, or that it must have one. */
  readonly hint: string;
  /** What may be searched, of one that can be tuned. */
  readonly range: Omit<RangeDraft, 'name' | 'scale'> | undefined;
}

/** @param specification TrainingSpecification */
export function hyperparametersOf(specification: Members): readonly KnownHyperparameter[] {
  return listAt(specification, 'SupportedHyperParameters').map((one) => ({
    name: textAt(one, 'Name') ?? '',
    type: textAt(one, 'Type') ?? '',
    about: textAt(one, 'Description') ?? '',
    hint: at(one, 'IsRequired') === true ? 'required' : (textAt(one, 'DefaultValue') ?? ''),
    range: at(one, 'IsTunable') === true ? rangeOf(one) : undefined,
  }));
}

/** The draft for an algorithm of this machine: its metrics, its channels, the hyperparameters that it requires. */
export function draftFor(draft: TrainingDraft, image: string, description: Members): TrainingDraft {
  const metrics = listAt(description, 'TrainingSpecification.MetricDefinitions');
  const channels = listAt(description, 'TrainingSpecification.TrainingChannels');
  const required = hyperparametersOf(objectAt(description, 'TrainingSpecification')).filter(
    ({ hint }) => hint === 'required',
  );
  const kept = new Map(draft.hyperparameters.filter(([name]) => name !== ''));
  for (const { name } of required) if (!kept.has(name)) kept.set(name, '');
  const mode = channels.map((one) => at(one, 'SupportedInputModes')).find(Array.isArray)?.[0] ?? 'File';
  return {
    ...draft,
    source: image,
    hyperparameters: [...kept],
    channels: channels.map((channel) => channelFor(channel, draft.channels)),
    metrics: metrics.map((metric) => [textAt(metric, 'Name') ?? '', textAt(metric, 'Regex') ?? '']),
    origin: { ...draft.origin, AlgorithmSpecification: { TrainingInputMode: mode } },
  };
}

/** With what the algorithm says of a hyperparameter, where a range has nothing but its name. */
export function filledIn(range: RangeDraft, known: readonly KnownHyperparameter[]): RangeDraft {
  const { name, min, max, values } = range;
  const isEmpty = min === '' && max === '' && values === '';
  return isEmpty ? { ...range, ...known.find((one) => one.name === name)?.range } : range;
}

// --- internal ---

/** A channel that the algorithm reads, at the place where the draft has it already, or at none. */
function channelFor(channel: Members, drafts: readonly ChannelDraft[]): ChannelDraft {
  const name = textAt(channel, 'Name') ?? '';
  const types = at(channel, 'SupportedContentTypes');
  const contentType = Array.isArray(types) ? String(types[0] ?? '') : '';
  return drafts.find((draft) => draft.name === name && draft.uri !== '') ?? { name, uri: '', contentType, origin: {} };
}

function rangeOf(hyperparameter: Members): KnownHyperparameter['range'] {
  const type = RANGE_TYPES.find((one) => one === hyperparameter.Type);
  if (type === undefined) return undefined;
  const range = `Range.${type}ParameterRangeSpecification`;
  const values = at(hyperparameter, `${range}.Values`);
  return {
    type,
    min: textAt(hyperparameter, `${range}.MinValue`) ?? '',
    max: textAt(hyperparameter, `${range}.MaxValue`) ?? '',
    values: Array.isArray(values) ? values.join(', ') : '',
  };
}
