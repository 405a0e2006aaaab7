/** What a form takes from the description of an algorithm of this machine. */

import { at, listAt, textAt } from './members.js';
import { objectAt } from './request.js';
import type { Members } from './state.js';
import type { ChannelDraft, TrainingDraft } from './training-draft.js';
import { NEW_RANGE, RANGE_TYPES, type RangeDraft, textOfValues } from './tuning-draft.js';

export interface KnownHyperparameter {
  readonly name: string;
  readonly type: string;
  readonly about: string;
  readonly isRequired: boolean;
  /** What it is without a value: its default, or that it must have one. */
  readonly hint: string;
  /** The values that it may have, as text; empty where that is not said. */
  readonly valid: string;
  /**
   * What a search of it begins with, of one that can be tuned. Without bounds where the algorithm says nothing of a search: those
   * of the valid values are far too wide.
   */
  readonly range: Omit<RangeDraft, 'name'> | undefined;
}

/**
 * @param specification TrainingSpecification
 * @param tuningRanges by name, of the program's Capabilities
 */
export function hyperparametersOf(specification: Members, tuningRanges: Members = {}): readonly KnownHyperparameter[] {
  return listAt(specification, 'SupportedHyperParameters').map((one) => ({
    name: textAt(one, 'Name') ?? '',
    type: textAt(one, 'Type') ?? '',
    about: textAt(one, 'Description') ?? '',
    isRequired: at(one, 'IsRequired') === true,
    hint: at(one, 'IsRequired') === true ? 'required' : (textAt(one, 'DefaultValue') ?? ''),
    valid: validOf(one),
    range: at(one, 'IsTunable') === true ? rangeOf(one, tuningRanges) : undefined,
  }));
}

/** The draft for an algorithm of this machine: its metrics, its channels, the hyperparameters that it requires. */
export function draftFor(draft: TrainingDraft, image: string, description: Members): TrainingDraft {
  const metrics = listAt(description, 'TrainingSpecification.MetricDefinitions');
  const channels = listAt(description, 'TrainingSpecification.TrainingChannels');
  const required = hyperparametersOf(objectAt(description, 'TrainingSpecification')).filter(
    ({ isRequired }) => isRequired,
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

/** Names of the channels that the algorithm must have. */
export function requiredChannelsOf(description: Members | undefined): readonly string[] {
  const channels = listAt(description, 'TrainingSpecification.TrainingChannels');
  return channels.filter((one) => at(one, 'IsRequired') === true).map((one) => textAt(one, 'Name') ?? '');
}

/** With what the algorithm says of a hyperparameter, where a range has nothing but its name. */
export function filledIn(range: RangeDraft, known: readonly KnownHyperparameter[]): RangeDraft {
  const { name, min, max, values } = range;
  const isEmpty = min === '' && max === '' && values === '';
  return isEmpty ? { ...range, ...known.find((one) => one.name === name)?.range } : range;
}

/** Of another name, and with what the algorithm says of that one, unless the reader has chosen what is searched. */
export function renamed(range: RangeDraft, name: string, known: readonly KnownHyperparameter[]): RangeDraft {
  const asFilledIn = filledIn({ ...NEW_RANGE, name: range.name }, known);
  const isChosen = range.min !== asFilledIn.min || range.max !== asFilledIn.max || range.values !== asFilledIn.values;
  return isChosen ? { ...range, name } : filledIn({ ...NEW_RANGE, type: range.type, name }, known);
}

// --- internal ---

/** A channel that the algorithm reads, at the place where the draft has it already, or at none. */
function channelFor(channel: Members, drafts: readonly ChannelDraft[]): ChannelDraft {
  const name = textAt(channel, 'Name') ?? '';
  const types = at(channel, 'SupportedContentTypes');
  const contentType = Array.isArray(types) ? String(types[0] ?? '') : '';
  return drafts.find((draft) => draft.name === name && draft.uri !== '') ?? { name, uri: '', contentType, origin: {} };
}

function rangeOf(hyperparameter: Members, tuningRanges: Members): KnownHyperparameter['range'] {
  const type = RANGE_TYPES.find((one) => one === hyperparameter.Type);
  const search = tuningRanges[textAt(hyperparameter, 'Name') ?? ''] as Members | undefined;
  return (
    type && {
      type,
      min: textAt(search, 'MinValue') ?? '',
      max: textAt(search, 'MaxValue') ?? '',
      scale: textAt(search, 'ScalingType') ?? NEW_RANGE.scale,
      values: valuesOf(hyperparameter),
    }
  );
}

function validOf(hyperparameter: Members): string {
  const range = `Range.${textAt(hyperparameter, 'Type')}ParameterRangeSpecification`;
  const [min, max] = [textAt(hyperparameter, `${range}.MinValue`), textAt(hyperparameter, `${range}.MaxValue`)];
  return min === undefined || max === undefined ? valuesOf(hyperparameter) : `${min} to ${max}`;
}

function valuesOf(hyperparameter: Members): string {
  const values = at(hyperparameter, 'Range.CategoricalParameterRangeSpecification.Values');
  return Array.isArray(values) ? textOfValues(values.map(String)) : '';
}
