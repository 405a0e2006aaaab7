/**
 * Training on several hosts: time and bytes on the wire for a tree, against the number of hosts and the number of rows, and
 * what a model of the cost says of it, which is then asked for other links and instances. A host is a process with one thread
 * in a network namespace of its own, on this machine: hosts share its processors, so their computation and their exchange are
 * also measured apart, which are the parameters of the model. XGBoost trains on two such hosts by its own collective library.
 * Linux and root only.
 */
import { readFileSync } from 'node:fs';
import { alternate, bundlePrograms, defineBench, type HostTable, runNode, tableOf } from '@algo/bench';
import { sumOnHosts, trainApart, trainOnHosts } from './distributed/our-hosts.ts';
import { treeRows } from './distributed/rows.ts';
import { trainXgboost } from './distributed/xgboost-hosts.ts';

const ROWS = 400_000;
const FEWER_ROWS = 100_000;
const COLUMNS = 28;
const SEED = 7;
const ROUNDS = 3;
const GIGABIT = 1e9;

export const bench = defineBench({
  name: 'distributed-gradient-boosting',
  group: 'distributed',
  description: `gradient boosting on 1, 2 and 4 hosts of this machine, one thread each: ${ROWS} x ${COLUMNS}, depth 6, 256 bins; per tree`,
  pythonPackages: ['numpy', 'xgboost'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const { make } = bundlePrograms(import.meta.dirname, ['make'], workDirectory);
    const shape = { rows: ROWS, testRows: 0, columns: COLUMNS, classes: 2, rounds: 0, kind: 'dense' };
    const files = JSON.parse(
      (await runNode({ args: [make, dataDirectory, JSON.stringify(shape), String(SEED)] })).output,
    );
    const all = tableOf(readFileSync(files.features), readFileSync(files.labels), COLUMNS);
    const few: HostTable = all.part(0, FEWER_ROWS);
    const missing = python.missing(['numpy', 'xgboost']);
    const measured = await alternate({
      ours: { run: () => trainOnHosts(all, 2) },
      peers: {
        alone: { run: () => trainOnHosts(all.part(0, ROWS / 2), 1) },
        xgboost: { missing, run: () => trainXgboost(python, all, 2, workDirectory) },
        xgboostAlone: { missing, run: () => trainXgboost(python, all.part(0, ROWS / 2), 1, workDirectory) },
        one: { run: () => trainOnHosts(all, 1) },
        four: { run: () => trainOnHosts(all, 4) },
        twoApart: { run: () => trainApart(all, 2) },
        fourApart: { run: () => trainApart(all, 4) },
        twoSums: { run: () => sumOnHosts(2) },
        fourSums: { run: () => sumOnHosts(4) },
        few: { run: () => trainOnHosts(few, 2) },
        fewAlone: { run: () => trainOnHosts(few.part(0, FEWER_ROWS / 2), 1) },
        twoAt1: { run: () => trainOnHosts(all, 2, GIGABIT) },
        twoAt10: { run: () => trainOnHosts(all, 2, 10 * GIGABIT) },
        fourAt1: { run: () => trainOnHosts(all, 4, GIGABIT) },
        fourAt10: { run: () => trainOnHosts(all, 4, 10 * GIGABIT) },
      },
      rounds: ROUNDS,
      progress,
    });
    return treeRows(measured, { all: ROWS, few: FEWER_ROWS }, python.label('xgboost'));
  },
});
