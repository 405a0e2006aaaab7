/**
 * Runs the commands that READMEs and CONTRIBUTING.md show, as they are written there, but for those that another part of
 * .ci/run runs and those that need more than CI has. `serve` runs until it answers /ping. Sample data must be unchanged in
 * the end. Needs `npm run build`, and the port 8080.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, commands, readDocuments } from './documents.ts';
import { whyNotRun } from './run-elsewhere.ts';
import { ROOT } from './workspaces.ts';

const PING = 'http://127.0.0.1:8080/ping';
/** The base directory that the algorithms' READMEs name. */
const BASE = '/tmp/ml';

for (const folder of ['/tmp/job', '/tmp/predictions', '/tmp/boosted', '/tmp/checkpoints'])
  rmSync(folder, { recursive: true, force: true });
for (const { document, line, command } of commands(readDocuments())) {
  const reason = whyNotRun(command);
  console.log(`--- ${document}:${line}: ${command}${reason === undefined ? '' : ` (${reason})`}`);
  if (reason === undefined) await run({ document, line, command });
}
must('git', ['diff', '--exit-code', '--stat', '--', 'sample-data'], ROOT);

// --- internal ---

async function run({ document, command }: Command): Promise<void> {
  const cwd = document.startsWith('algorithms/') ? join(ROOT, dirname(document)) : ROOT;
  if (command.endsWith('main.js train')) layOutJob(basename(cwd));
  if (/\bserve\b/.test(command)) await serve(command, cwd);
  else must('bash', ['-euo', 'pipefail', '-c', command], cwd);
}

/** The job of the algorithm's validation profile as the platform lays it out. */
function layOutJob(algorithm: string): void {
  const sample = join(ROOT, 'sample-data', algorithm);
  const { trainingJob } = JSON.parse(readFileSync(join(sample, 'validation-profile.json'), 'utf8')) as Profile;
  rmSync(BASE, { recursive: true, force: true });
  const config = join(BASE, 'input', 'config');
  mkdirSync(config, { recursive: true });
  const channels = Object.entries(trainingJob.channels);
  for (const [name, { path }] of channels)
    cpSync(join(sample, path), join(BASE, 'input', 'data', name), { recursive: true });
  const inputs = channels.map(([name, { contentType }]) => [
    name,
    { ContentType: contentType, TrainingInputMode: 'File' },
  ]);
  writeFileSync(join(config, 'hyperparameters.json'), JSON.stringify(trainingJob.hyperparameters));
  writeFileSync(join(config, 'inputdataconfig.json'), JSON.stringify(Object.fromEntries(inputs)));
}

interface Profile {
  readonly trainingJob: {
    readonly hyperparameters: Readonly<Record<string, string>>;
    readonly channels: Readonly<Record<string, { readonly path: string; readonly contentType?: string }>>;
  };
}

async function serve(command: string, cwd: string): Promise<void> {
  const child = spawn('bash', ['-c', command], { cwd, stdio: 'inherit', detached: true });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`${command} ended with exit code ${code} before it answered /ping.`)),
    );
  });
  try {
    await Promise.race([answered(), ended]);
  } finally {
    child.removeAllListeners('exit');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid!, 'SIGTERM');
      await gone;
    }
  }
}

async function answered(): Promise<void> {
  for (;;) {
    const status = await fetch(PING).then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status === 200) return;
    await delay(100);
  }
}

function must(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${args.at(-1)} ended with exit code ${status}.`);
}
