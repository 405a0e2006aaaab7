/** The thread of `openMetricSearch`: answers each request with the metrics of its lines. */
import { parentPort, workerData } from 'node:worker_threads';
import type { MetricThreadData } from './metric-search.js';
import { createMetricFinder } from './training-metrics.js';

const { definitions, limitMs } = workerData as MetricThreadData;
const find = createMetricFinder(definitions, limitMs);
parentPort!.on('message', (lines: readonly string[]) => parentPort!.postMessage(find(lines)));
