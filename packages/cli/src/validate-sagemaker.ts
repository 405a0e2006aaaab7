/** `algo validate --runner sagemaker`: the validation in the seller's own AWS account, with latency and throughput measured there. */
import { JobError, type StepResult } from '@algo/local';
import type { EngineOptions } from './engine-option.js';
import { listenForInterrupt } from './interrupt.js';
import type { ListingOptions } from './listing-request.js';
import { localImage, publishRequest } from './publish.js';
import { createTerminal, type Terminal } from './terminal.js';

interface SageMakerOptions extends ListingOptions, EngineOptions {
  readonly push: boolean;
  readonly json?: boolean;
}

/** @throws JobError for the first algorithm that fails, after what was made for it is removed */
export async function validateOnSageMaker(names: readonly string[], options: SageMakerOptions): Promise<void> {
  const { tryOnSageMaker } = await import('@algo/listing/publish');
  const terminal = createTerminal(options.json ? process.stderr : process.stdout);
  const interrupt = listenForInterrupt(() => terminal.line('Stopping. What was made is removed first.'));
  try {
    for (const name of names) {
      const request = await publishRequest(name, options, terminal);
      const image = options.push ? await localImage(request.folder, options) : undefined;
      const trial = await tryOnSageMaker({ ...request, image, stop: interrupt.signal }, (result) =>
        show(terminal, name, result),
      );
      if (options.json) console.log(JSON.stringify(trial));
      if (trial.result === 'failed') throw new JobError(`${name}: ${trial.cause}`);
    }
  } finally {
    terminal.endProgress();
    interrupt.close();
  }
}

// --- internal ---

function show(terminal: Terminal, name: string, { step, result, seconds, text }: StepResult): void {
  terminal.endProgress();
  const colour = result === 'passed' ? 'green' : result === 'failed' ? 'red' : 'yellow';
  terminal.line(`${name}: ${step} ${terminal.style(colour, result)} ${seconds.toFixed(1)} s, ${text}`);
}
