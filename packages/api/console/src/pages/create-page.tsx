/** A new job: from nothing, or from an earlier one, with changes. */
import { infoOf, type Kind } from '../state/kinds.js';
import { nextName, requestOf } from '../state/request.js';
import { addressOf } from '../state/route.js';
import { keyOf, type Members, type Row } from '../state/state.js';
import { usePart } from '../state/store.js';
import { templateOf } from '../state/templates.js';
import { useDetail } from '../state/use-resource.js';
import { TRAINING, TRANSFORM, TUNING } from './job-fields.js';
import { JobForm } from './job-form.js';

interface CreateProps {
  readonly kind: Kind;
  readonly from: string | undefined;
}

const NO_ROWS: readonly Row[] = [];

export function CreatePage({ kind, from }: CreateProps) {
  return (
    <div class="detail-page narrow">
      <nav class="crumbs" aria-label="Path">
        <a href={addressOf({ page: 'list', kind })}>{infoOf(kind).title}</a>
        {from !== undefined && <a href={addressOf({ page: 'detail', kind, name: from })}>{from}</a>}
      </nav>
      <div class="page-head">
        <h1 tabIndex={-1} class="any-name">
          {from === undefined ? `New ${infoOf(kind).one}` : `Run ${from} again`}
        </h1>
      </div>
      {from === undefined ? <NewJob kind={kind} /> : <Again kind={kind} from={from} />}
    </div>
  );
}

// --- internal ---

function NewJob({ kind }: { readonly kind: Kind }) {
  return <FormOf kind={kind} name="" origin={templateOf(kind)} />;
}

function Again({ kind, from }: { readonly kind: Kind; readonly from: string }) {
  const detail = useDetail(kind, from);
  const rows = usePart((state) => state.rows[kind]) ?? NO_ROWS;
  const connection = usePart((state) => state.connection);
  if (!detail && connection === 'live' && !rows.some((row) => row.name === from)) {
    return <p class="empty">There is no {infoOf(kind).one} with this name.</p>;
  }
  if (!detail) return <p class="empty">Loading…</p>;
  if (detail.status === 'failed') return <p class="failure">{detail.message}</p>;
  const name = nextName(from, new Set(rows.map((row) => row.name)));
  return <FormOf key={keyOf(kind, from)} kind={kind} name={name} origin={requestOf(kind, detail.members)} />;
}

interface FormProps {
  readonly kind: Kind;
  readonly name: string;
  readonly origin: Members;
}

function FormOf(props: FormProps) {
  if (props.kind === 'training-job') return <JobForm {...props} fields={TRAINING} />;
  return props.kind === 'transform-job' ? (
    <JobForm {...props} fields={TRANSFORM} />
  ) : (
    <JobForm {...props} fields={TUNING} />
  );
}
