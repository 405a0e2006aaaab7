/**
 * What validations have measured, where the portal has no field of its own: reviewers look for latency, throughput and a metric in
 * the texts of the product. Source: AWS Marketplace Seller Guide, "Requirements and best practices for creating ML products".
 */
import type { Evidence } from '../evidence.js';
import type { Field } from './field.js';

export function measuredField(name: string, { measurements, validation, image }: Evidence): Field {
  // What another machine measured is of no instance type.
  const { realTime, batch, training } = measurements.value?.elsewhere === undefined ? (measurements.value ?? {}) : {};
  const metrics = Object.entries(validation.value?.validation.metrics ?? {});
  const lines = [
    ...(realTime
      ? [
          `Real time on ${realTime.instanceType}: median ${shown(realTime.p50Ms)} ms, 99 of 100 requests within ` +
            `${shown(realTime.p99Ms)} ms, ${shown(realTime.requestsPerSecond)} requests per second.`,
        ]
      : []),
    ...(batch ? [`Batch transform of the sample data on ${batch.instanceType}: ${shown(batch.seconds)} s.`] : []),
    ...(training ? [`Training on the sample data on ${training.instanceType}: ${shown(training.seconds)} s.`] : []),
    ...(metrics.length > 0
      ? [`On the sample data: ${metrics.map(([metric, value]) => `${metric} ${shown(value)}`).join(', ')}.`]
      : []),
    ...(image.value ? [`Image: ${shown(image.value.compressedBytes / 1e6)} MB compressed.`] : []),
  ];
  const missing = realTime ? '' : ` Latency is **not measured**: run \`algo validate ${name} --runner sagemaker\`.`;
  return {
    name: 'Latency, throughput and metrics',
    note: `No field of the form: put these numbers into the product overview or a highlight.${missing}`,
    ...(lines.length > 0 && { text: lines.join('\n') }),
  };
}

// --- internal ---

/** Three digits, and no exponent for what people read. */
function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
