/**
 * The `algo-bench` command: runs one bench or all, prints a table for each, writes `.algo/bench/<name>.json`, and
 * finally prints how many goals are reached.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.js';
import { benchesNamed, findBenches, repositoryRoot } from './find-benches.js';
import { pythonEnvironment } from './python.js';
import { goalSummary, type Row } from './row.js';
import { formatTable, thisMachine } from './table.js';

const USAGE = `usage: algo-bench [NAME …]     (npm run bench [-- NAME …])

Measures our programs and their peers, alternating in the same run. Without a NAME: all benches. A NAME may
be that of a group of benches.
Python peers run in a virtual environment made from PyPI, under ~/.cache/algo-bench.
Writes .algo/bench/NAME.json. Exit codes: 0 measured, 1 a bench failed, 2 wrong usage; a missed goal is not a failure.`;

process.exitCode = await main(process.argv.slice(2));

// --- internal ---

async function main(args: readonly string[]): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    console.error(
      `algo-bench needs Node 24, as in node_modules/.bin; received ${process.version}. Use "npm run bench".`,
    );
    return 2;
  }
  const root = repositoryRoot(process.cwd());
  const benches = await findBenches(root);
  const chosen = readNames(args, benches);
  if (typeof chosen === 'number') return chosen;
  const machine = thisMachine();
  console.log(
    `node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.system}`,
  );
  const rows: Row[] = [];
  let failures = 0;
  for (const bench of chosen) {
    try {
      rows.push(...(await runBench(bench, root)));
    } catch (error) {
      failures++;
      console.error(`${bench.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failures > 0) console.log(`\n${failures} of ${chosen.length} benches failed`);
  console.log(`\n${goalSummary(rows)}`);
  return failures > 0 ? 1 : 0;
}

/** The benches to run, or an exit code when there is nothing to run. */
function readNames(args: readonly string[], benches: readonly Bench[]): readonly Bench[] | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(
        `${USAGE}\n\nBenches:\n${benches.map((bench) => `  ${bench.name}: ${bench.description}`).join('\n')}`,
      );
      return 0;
    }
    const unknown = positionals.find((name) => benchesNamed(benches, [name]).length === 0);
    if (unknown === undefined) return positionals.length > 0 ? benchesNamed(benches, positionals) : benches;
    const groups = new Set(benches.flatMap(({ group }) => group ?? []));
    console.error(`There is no bench "${unknown}"; there are: ${benches.map(({ name }) => name).join(', ')}.`);
    console.error(`Groups of them: ${[...groups].join(', ')}.`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  return 2;
}

async function runBench(bench: Bench, root: string): Promise<readonly Row[]> {
  const directory = join(root, '.algo', 'bench');
  const dataDirectory = join(directory, 'data');
  const workDirectory = join(directory, 'work', bench.name);
  rmSync(workDirectory, { recursive: true, force: true });
  for (const folder of [dataDirectory, workDirectory]) mkdirSync(folder, { recursive: true });
  const progress = (line: string) => console.error(`${bench.name}: ${line}`);
  const start = performance.now();
  const python = await pythonEnvironment(bench.pythonPackages, progress);
  const rows = await bench.measure({ python, dataDirectory, workDirectory, progress });
  rmSync(workDirectory, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - start) / 1000);
  const peers = Object.fromEntries(
    ['python', ...bench.pythonPackages.map(withoutExtras)].map((name) => [
      name,
      python.versions[name.toLowerCase()] ?? null,
    ]),
  );
  const result = { name: bench.name, date: new Date().toISOString(), machine: thisMachine(), peers, rows };
  writeFileSync(join(directory, `${bench.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version ?? '(missing)'}`);
  console.log(`\n${bench.name}: ${bench.description}`);
  console.log(`peers: ${versions.join(', ')}; ${seconds} s\n\n${formatTable(rows)}`);
  return rows;
}

/** `moto` of `moto[server]`. */
function withoutExtras(name: string): string {
  return name.replace(/\[.*\]$/, '');
}
