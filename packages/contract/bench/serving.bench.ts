/**
 * The serving container compared with a bare node:http server, with Flask and FastAPI in Python and with axum in Rust, on
 * one machine in the same run: throughput, time of processors, response times, large requests, a batch transform, start and
 * memory. Every answer is checked.
 */
import { type BenchContext, cargoFolder, defineBench, type Row } from '@algo/bench';
import { bulkRows } from './serving/bulk-rows.ts';
import { AXUM, type Peers } from './serving/contenders.ts';
import { loadRows } from './serving/load-rows.ts';
import { memoryRows } from './serving/memory-rows.ts';
import { type ModelName, prepareModels } from './serving/models.ts';
import { responseTimeRows } from './serving/response-time-rows.ts';
import { startRows } from './serving/start-rows.ts';

export const bench = defineBench({
  name: 'serving',
  description:
    'serve with a linear model and with 100 trees, one CSV row of 10 numbers per request on 32 connections of wrk unless said otherwise',
  pythonPackages: [
    'fastapi',
    'flask',
    'gunicorn',
    'httptools',
    'numpy',
    'pandas',
    'scikit-learn',
    'uvicorn',
    'uvloop',
    'xgboost-cpu',
  ],
  measure,
});

// --- internal ---

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const models = await prepareModels(context);
  const peers: Peers = { context, axum: await cargoFolder(AXUM, context.progress) };
  const rows: Row[] = [];
  const highest: Partial<Record<ModelName, number>> = {};
  for (const processes of [1, 2]) {
    for (const model of [models.linear, models.trees]) {
      const load = await loadRows(model, processes, peers);
      rows.push(...load.rows);
      highest[model.name] ??= load.requestsPerSecond;
    }
  }
  for (const model of [models.linear, models.trees]) {
    rows.push(...(await responseTimeRows(model, highest[model.name]! / 2, peers)));
  }
  rows.push(...(await bulkRows(models.wide, context)));
  rows.push(...(await startRows(models, peers)));
  rows.push(...(await memoryRows(models.linear, highest.linear!, peers)));
  return rows;
}
