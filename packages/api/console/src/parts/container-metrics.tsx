/** The metrics of an endpoint's containers: the last values as numbers, and charts over time. A card for each container. */
import { tilesOf, timeChartsOf } from '../state/container-metrics.js';
import { useContainerMetrics } from '../state/use-container-metrics.js';
import { Chart } from './chart.js';

interface ContainerMetricsProps {
  readonly endpoint: string;
  readonly isInService: boolean;
}

export function ContainerMetrics({ endpoint, isInService }: ContainerMetricsProps) {
  const containers = useContainerMetrics(endpoint, isInService);
  return (
    <>
      {containers.map(({ variant, container, readings }) => {
        const place = [variant, ...(container === 'primary' ? [] : [container])].join(', ');
        return (
          <section key={place} class="card" aria-label={`Container metrics: ${place}`}>
            <div class="card-head">
              <h2>Container metrics</h2>
              {containers.length > 1 && <span class="quiet-text">{place}</span>}
            </div>
            {readings.length > 0 && (
              <dl class="tiles">
                {tilesOf(readings).map(([title, text]) => (
                  <div key={title}>
                    <dt title={title}>{title}</dt>
                    <dd>{text}</dd>
                  </div>
                ))}
              </dl>
            )}
            <div class="charts">
              {timeChartsOf(readings).map(({ title, times, series }) => (
                <Chart key={title} title={title} times={times} series={series} />
              ))}
            </div>
            {readings.length === 0 && <p class="empty">The container has no metrics.</p>}
          </section>
        );
      })}
    </>
  );
}
