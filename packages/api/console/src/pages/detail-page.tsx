/** One resource: its state and what can be done with it at the top, then what its kind has. */
import type { VNode } from 'preact';
import { Actions } from '../parts/actions.js';
import { useNow } from '../parts/clock.js';
import { RawMembers } from '../parts/raw-members.js';
import { isBusy, Status, statusText } from '../parts/status.js';
import { infoOf, type Kind } from '../state/kinds.js';
import { addressOf } from '../state/route.js';
import type { Members, Row } from '../state/state.js';
import { usePart } from '../state/store.js';
import { useDetail, useRow } from '../state/use-resource.js';
import { formatAge, formatDuration, formatTime } from '../text/format.js';
import { AlgorithmBody } from './algorithm-body.js';
import { EndpointBody } from './endpoint-body.js';
import { EndpointConfigBody } from './endpoint-config-body.js';
import { JobBody } from './job-body.js';
import { ModelBody, ModelPackageBody } from './model-body.js';
import { PackageGroupBody } from './package-group-body.js';
import { TuningBody } from './tuning-body.js';

export function DetailPage({ kind, name }: { readonly kind: Kind; readonly name: string }) {
  const info = infoOf(kind);
  const row = useRow(kind, name);
  const detail = useDetail(kind, name);
  const connection = usePart((state) => state.connection);
  const Body = BODIES[kind];
  return (
    <div class="detail-page">
      <nav class="crumbs" aria-label="Path">
        <a href={addressOf({ page: 'list', kind })}>{info.title}</a>
      </nav>
      <div class="page-head">
        <h1 tabIndex={-1} class="any-name">
          {name}
        </h1>
        {row && <Status row={row} />}
        {row && <Actions row={row} />}
      </div>
      {row && <Times row={row} />}
      {row && (
        <p class="hidden" role="status">
          {name}: {statusText(row)}
        </p>
      )}
      {row?.failure && <p class="failure">{row.failure}</p>}
      {!row && connection !== 'connecting' && <p class="empty">There is no {info.one} with this name.</p>}
      {row && detail?.status === 'failed' && <p class="failure">{detail.message}</p>}
      {row && detail?.status === 'ready' && (
        <>
          <Body row={row} members={detail.members} />
          <RawMembers members={detail.members} />
        </>
      )}
    </div>
  );
}

// --- internal ---

interface BodyProps {
  readonly row: Row;
  readonly members: Members;
}

const BODIES: Readonly<Record<Kind, (props: BodyProps) => VNode>> = {
  'training-job': JobBody,
  'hyper-parameter-tuning-job': TuningBody,
  'transform-job': JobBody,
  model: ModelBody,
  algorithm: AlgorithmBody,
  'model-package': ModelPackageBody,
  'model-package-group': PackageGroupBody,
  endpoint: EndpointBody,
  'endpoint-config': EndpointConfigBody,
};

function Times({ row: { kind, created, started, ended, status } }: { readonly row: Row }) {
  const isRunning = isBusy(status);
  const now = useNow(true, isRunning ? 1000 : 15_000);
  const until = ended ?? (isRunning ? now : undefined);
  return (
    <p class="times quiet-text">
      Created <span title={formatTime(created)}>{formatAge(created, now)}</span>
      {infoOf(kind).isJob && until !== undefined && (
        <>
          {' · '}
          {isRunning ? 'running for' : 'ran'} {formatDuration(until - (started ?? created))}
        </>
      )}
    </p>
  );
}
