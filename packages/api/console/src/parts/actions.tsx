/** What can be done with a resource: stop, run again, delete. Each asks first. */
import { useState } from 'preact/hooks';
import { callSageMaker, messageOf } from '../api/aws.js';
import { infoOf } from '../state/kinds.js';
import { addressOf } from '../state/route.js';
import { identifierOf, type Row } from '../state/state.js';
import { useStore } from '../state/store.js';
import { goTo } from '../state/use-route.js';
import { Confirm } from './dialog.js';
import { Icon } from './icon.js';
import { notify } from './notices.js';
import { isBusy } from './status.js';

type Verb = 'Stop' | 'Delete';

export function Actions({ row }: { readonly row: Row }) {
  const store = useStore();
  const [asked, setAsked] = useState<Verb>();
  const info = infoOf(row.kind);
  const { kind, name, status } = row;
  const act = async (verb: Verb) => {
    setAsked(undefined);
    try {
      await callSageMaker(`${verb}${info.operation}`, { [info.nameMember]: identifierOf(row) });
      notify(store, 'good', verb === 'Stop' ? `Stopping ${name}.` : `Deleted ${name}.`);
      if (verb === 'Delete' && kind !== 'endpoint') goTo({ page: 'list', kind });
    } catch (error) {
      notify(store, 'bad', `${verb} ${name}: ${messageOf(error)}`);
    }
  };
  const canStop = info.canStop && status === 'InProgress';
  const canDelete = kind !== 'transform-job' && (kind === 'endpoint' ? status !== 'Deleting' : !isBusy(status));
  return (
    <div class="actions">
      {canStop && (
        <button type="button" data-key="s" onClick={() => setAsked('Stop')}>
          <Icon name="stop" /> Stop
        </button>
      )}
      {kind === 'training-job' && status === 'Completed' && (
        <a class="button" href={addressOf({ page: 'deploy', kind: 'endpoint', job: name })}>
          <Icon name="endpoint" /> Deploy
        </a>
      )}
      {info.isJob && (
        <a class="button" data-key="r" href={addressOf({ page: 'create', kind, from: name })}>
          <Icon name="again" /> Run again with changes
        </a>
      )}
      {canDelete && (
        <button type="button" data-key="d" onClick={() => setAsked('Delete')}>
          <Icon name="bin" /> Delete
        </button>
      )}
      {asked && (
        <Confirm
          title={`${asked} this ${info.one}?`}
          verb={asked}
          onConfirm={() => void act(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>
            <strong class="any-name">{name}</strong>{' '}
            {asked === 'Stop'
              ? 'will be asked to stop. What it has written so far is kept.'
              : `will be deleted${info.logPlace ? ', with its logs' : ''}. This cannot be undone.`}
          </p>
        </Confirm>
      )}
    </div>
  );
}
