/** The metrics of a job: a chart for those with several values, a number for the others. */
import { chartsOf } from '../state/output.js';
import type { Output } from '../state/state.js';
import { formatNumber } from '../text/format.js';
import { Chart } from './chart.js';

interface MetricsProps {
  readonly metrics: Output['metrics'];
  /** More may come. */
  readonly isRunning: boolean;
}

export function Metrics({ metrics, isRunning }: MetricsProps) {
  const single = Object.entries(metrics).filter(([, values]) => values.length === 1);
  const charts = chartsOf(Object.fromEntries(Object.entries(metrics).filter(([, values]) => values.length > 1)));
  return (
    <section class="card" aria-labelledby="metrics-title">
      <div class="card-head">
        <h2 id="metrics-title">Metrics</h2>
      </div>
      {single.length > 0 && (
        <dl class="tiles">
          {single.map(([name, values]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{formatNumber(values[0]!.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <div class="charts">
        {[...charts].map(([title, names]) => (
          <Chart
            key={title}
            title={title}
            series={names.map((name) => ({ name, values: metrics[name]!.map(({ value }) => value) }))}
          />
        ))}
      </div>
      {single.length === 0 && charts.size === 0 && <p class="empty">No metric values{isRunning ? ' yet' : ''}.</p>}
    </section>
  );
}
