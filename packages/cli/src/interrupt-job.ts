/** `algo interrupt`: takes the spot instance of a training job of `algo up` away, as AWS does when it needs the capacity. */
import { JobError } from '@algo/local';
import type { Command } from 'commander';
import { portOption } from './api-port.js';
import { integerIn } from './option-values.js';

interface InterruptOptions {
  readonly port: number;
  readonly wait: number;
}

export function addInterrupt(cli: Command): void {
  cli
    .command('interrupt')
    .summary('take the spot instance of a job of "algo up" away')
    .description(
      'Interrupts a training job of "algo up" that has EnableManagedSpotTraining, as a drill: its program gets SIGTERM, its\n' +
        'checkpoints become objects, and it runs again from them.',
    )
    .argument('<job>', 'name of the training job')
    .addOption(portOption('port of "algo up"', 1))
    .option('--wait <seconds>', 'until there is another instance for the job', integerIn(0, 86_400), 0)
    .action(interruptJob);
}

// --- internal ---

async function interruptJob(job: string, { port, wait }: InterruptOptions): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  const response = await fetch(`${url}/_spot/${encodeURIComponent(job)}?wait=${wait}`, { method: 'POST' }).catch(
    (error) => {
      throw new JobError(`There is no server at ${url}. Start it with "algo up", or name its port with --port.`, {
        cause: error,
      });
    },
  );
  if (!response.ok) throw new JobError(await messageOf(response));
  console.log(`The instance of ${job} is taken away.${wait > 0 ? ` It gets another one in ${wait} s.` : ''}`);
}

/** Of the server's error; another server's answer is shown as it is. */
async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return String(JSON.parse(text).message);
  } catch {
    return `${response.url} answered ${response.status}: ${text.slice(0, 200)}`;
  }
}
