/** An algorithm: its hyperparameters, channels and metrics as tables, then its other members. */
import { TableCard } from '../parts/table-card.js';
import { hyperparametersOf } from '../state/algorithm-draft.js';
import { at, listAt, textAt } from '../state/members.js';
import { objectAt } from '../state/request.js';
import type { Members } from '../state/state.js';
import { ResourceBody } from './resource-body.js';

export function AlgorithmBody({ members }: { readonly members: Members }) {
  const specification = objectAt(members, 'TrainingSpecification');
  const { SupportedHyperParameters: _, TrainingChannels: __, MetricDefinitions: ___, ...rest } = specification;
  const textsAt = (one: Members, path: string) => (at(one, path) as readonly string[] | undefined)?.join(', ') || '–';
  return (
    <ResourceBody members={{ ...members, TrainingSpecification: rest }}>
      <TableCard
        title="Hyperparameters"
        columns={['Name', 'Type', 'Default', 'Tunable range']}
        empty="None."
        rows={hyperparametersOf(specification).map(({ name, type, hint, range, valid, about }) => [
          name,
          <>
            <code>{name}</code>
            <p class="quiet-text">{about}</p>
          </>,
          type,
          hint || '–',
          range === undefined ? '–' : valid,
        ])}
      />
      <TableCard
        title="Channels"
        columns={['Name', 'Required', 'Content types', 'Input modes']}
        empty="None."
        rows={listAt(specification, 'TrainingChannels').map((channel) => [
          textAt(channel, 'Name') ?? '',
          <code>{textAt(channel, 'Name')}</code>,
          channel.IsRequired === true ? 'yes' : 'no',
          textsAt(channel, 'SupportedContentTypes'),
          textsAt(channel, 'SupportedInputModes'),
        ])}
      />
      <TableCard
        title="Metrics"
        columns={['Name', 'Regex']}
        empty="None."
        rows={listAt(specification, 'MetricDefinitions').map((metric) => [
          textAt(metric, 'Name') ?? '',
          <code>{textAt(metric, 'Name')}</code>,
          <code>{textAt(metric, 'Regex')}</code>,
        ])}
      />
    </ResourceBody>
  );
}
