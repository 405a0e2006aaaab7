/**
 * The serving container compared with a bare node:http server, with Flask and FastAPI in Python and with axum in Rust, on
 * one machine in the same run. Every answer is checked.
 */
import { type BenchContext, cargoFolder, defineBench, type Row } from '@algo/bench';
import { AXUM, type Peers } from './serving/contenders.ts';
import { loadRows } from './serving/load-rows.ts';
import { prepareModels } from './serving/models.ts';

export const bench = defineBench({
  name: 'serving',
  description:
    'serve with a linear model and with 100 trees, one CSV row of 10 numbers per request, 32 connections of wrk',
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
  for (const processes of [1, 2]) {
    for (const model of [models.linear, models.trees]) {
      rows.push(...(await loadRows(model, processes, peers)).rows);
    }
  }
  return rows;
}
