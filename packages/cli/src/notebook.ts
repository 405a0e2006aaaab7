/** `algo notebook`: the notebooks with which buyers learn a product. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError, removeTree } from '@algo/local';
import type { Command } from 'commander';
import { clientVariables } from './client-variables.js';
import { listenForInterrupt } from './interrupt.js';
import { createTerminal, type Terminal } from './terminal.js';
import { findWorkspace } from './workspace.js';

interface RunOptions {
  readonly arn?: string;
  readonly aws?: true;
  readonly write?: true;
}

export function addNotebook(cli: Command): void {
  const notebook = cli.command('notebook').description('The notebooks with which buyers learn a product: run them.');
  notebook
    .command('run')
    .description(
      'Executes notebooks from their first cell to their last against an API of this machine, as "algo up" serves it, and ' +
        'compares what cells with the tag sample-output print with the stored samples. Needs Python 3.11 or newer; the packages ' +
        'that notebooks need are installed into ~/.cache/algo-notebooks.',
    )
    .argument('<notebooks...>', 'files of notebooks; the working folder of their cells is that of the file')
    .option('--arn <arn>', "what is typed as the product's ARN, into the cell with the tag product-arn")
    .option('--aws', "run against AWS, with this shell's credentials and Region: this costs money")
    .option('--write', 'store the outputs in the notebooks, without account numbers')
    .action(run);
}

// --- internal ---

const LOCAL_REGION = 'us-east-1';

async function run(files: readonly string[], options: RunOptions): Promise<void> {
  const { notebookPython, runNotebook } = await import('@algo/listing');
  const terminal = createTerminal(process.stdout);
  const interrupt = listenForInterrupt(() => terminal.line('Stopping.'));
  try {
    const python = await notebookPython(process.env, (line) => terminal.line(line));
    await withAws(options, async (environment) => {
      for (const file of files) {
        const onCell = cellProgress(file, terminal);
        const isWritten = options.write ?? false;
        const { signal: stop } = interrupt;
        await runNotebook({ file, python, environment, arn: options.arn, isWritten, onCell, stop });
        terminal.endProgress();
        terminal.line(`${file}: ${terminal.style('green', 'passed')}`);
      }
    });
  } finally {
    terminal.endProgress();
    interrupt.close();
  }
}

/** The variables of a server that runs as long as the work, or those of this shell. */
async function withAws({ aws }: RunOptions, work: (environment: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  if (aws) return work(process.env);
  const workspace = findWorkspace(process.cwd());
  if (!workspace) throw new JobError(`There is no folder "algorithms" in ${process.cwd()} or a parent folder.`);
  const { processPrograms, startApi } = await import('@algo/api');
  const dataFolder = mkdtempSync(join(tmpdir(), 'algo-notebook-api-'));
  const onError = (error: unknown) => console.error(error);
  const programs = processPrograms(join(workspace, 'algorithms'));
  const api = await startApi({ dataFolder, programs, region: LOCAL_REGION, environment: process.env, onError });
  try {
    const client = { url: api.url, region: LOCAL_REGION, dataFolder, proxy: false };
    const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...own } = process.env; // of another account
    await work({ ...own, ...(await clientVariables(client, process.env)) });
  } finally {
    await api.close();
    await removeTree(dataFolder);
  }
}

/** The live line shows the cell that runs; in a pipe each finished cell is one line. */
function cellProgress(file: string, terminal: Terminal): (cell: string, seconds: number | undefined) => void {
  return (cell, seconds) => {
    if (seconds === undefined) terminal.progress(`${file}: ${cell}`);
    else if (!terminal.isLive) terminal.line(`${file}: ${cell} ${seconds.toFixed(2)} s`);
  };
}
