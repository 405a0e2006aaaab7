/** Training jobs side by side: their metrics in shared charts, and what differs in how they were run. */
import { useState } from 'preact/hooks';
import { Chart } from '../parts/chart.js';
import { Status } from '../parts/status.js';
import { TableBox } from '../parts/table-box.js';
import { type ComparedMember, compareJobs } from '../state/comparison.js';
import { addressOf } from '../state/route.js';
import { findRow, keyOf, type Members, type Output } from '../state/state.js';
import { usePart } from '../state/store.js';
import { useDetail, useOutput } from '../state/use-resource.js';

export function ComparePage({ names }: { readonly names: readonly string[] }) {
  const details = usePart((state) => state.details);
  const outputs = usePart((state) => state.outputs);
  const jobs = names.map((name) => {
    const detail = details[keyOf('training-job', name)];
    return detail?.status === 'ready' ? detail.members : {};
  });
  return (
    <div class="detail-page">
      {names.map((name) => (
        <Follow key={name} name={name} />
      ))}
      <nav class="crumbs" aria-label="Path">
        <a href={addressOf({ page: 'list', kind: 'training-job' })}>Training jobs</a>
      </nav>
      <div class="page-head">
        <h1 tabIndex={-1}>Compare {names.length} training jobs</h1>
      </div>
      <SharedCharts names={names} outputs={outputs} />
      <Settings names={names} jobs={jobs} />
    </div>
  );
}

// --- internal ---

/** Keeps a job's description and output up to date. */
function Follow({ name }: { readonly name: string }) {
  useDetail('training-job', name);
  useOutput('training-job', name);
  return null;
}

interface ChartsProps {
  readonly names: readonly string[];
  readonly outputs: Readonly<Record<string, Output>>;
}

function SharedCharts({ names, outputs }: ChartsProps) {
  const ofJobs = names.map((name) => ({ name, metrics: outputs[keyOf('training-job', name)]?.metrics ?? {} }));
  const metrics = [...new Set(ofJobs.flatMap((job) => Object.keys(job.metrics)))].sort();
  if (metrics.length === 0) return null;
  return (
    <section class="card" aria-labelledby="metrics-title">
      <div class="card-head">
        <h2 id="metrics-title">Metrics</h2>
      </div>
      <div class="charts">
        {metrics.map((metric) => (
          <Chart
            key={metric}
            title={metric}
            series={ofJobs.map((job) => ({
              name: job.name,
              values: (job.metrics[metric] ?? []).map(({ value }) => value),
            }))}
          />
        ))}
      </div>
    </section>
  );
}

function Settings({ names, jobs }: { readonly names: readonly string[]; readonly jobs: readonly Members[] }) {
  const [isBrief, setBrief] = useState(true);
  const all = compareJobs(jobs);
  const shown = isBrief ? all.filter(({ differs }) => differs) : all;
  const heads = [
    ['', <span class="hidden">Member</span>] as const,
    ...names.map((name) => [name, <JobHead key={name} name={name} />] as const),
  ];
  return (
    <section class="card" aria-labelledby="settings-title">
      <div class="card-head">
        <h2 id="settings-title">Configuration</h2>
        <label class="check card-end">
          <input type="checkbox" checked={isBrief} onChange={({ currentTarget }) => setBrief(currentTarget.checked)} />
          Differences only
        </label>
      </div>
      <TableBox label="Table of the jobs" heads={heads}>
        {shown.map((member) => (
          <SettingRow key={`${member.group} ${member.name}`} member={member} names={names} />
        ))}
      </TableBox>
      {shown.length === 0 && <p class="empty">No differences.</p>}
    </section>
  );
}

function JobHead({ name }: { readonly name: string }) {
  const row = usePart((state) => findRow(state, 'training-job', name));
  return (
    <>
      <a class="any-name" href={addressOf({ page: 'detail', kind: 'training-job', name })}>
        {name}
      </a>
      {row ? <Status row={row} /> : <span class="quiet-text">There is no job with this name.</span>}
    </>
  );
}

function SettingRow({ member, names }: { readonly member: ComparedMember; readonly names: readonly string[] }) {
  const { group, name, values, differs } = member;
  return (
    <tr class={differs ? 'differs' : undefined}>
      <th scope="row">
        <span class="quiet-text">{group}</span> {name}
      </th>
      {values.map((value, i) => (
        <td key={names[i]}>{value === '' ? <code>""</code> : (value ?? <span class="quiet-text">–</span>)}</td>
      ))}
    </tr>
  );
}
