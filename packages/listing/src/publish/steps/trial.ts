/** The trial as a step: done where one with the same image and sample data has passed. */
import { JobError } from '@algo/local';
import type { PublishContext } from '../context.js';
import type { Step } from '../step.js';
import { passedTrial, runTrial } from '../trial/trial.js';

const SECONDS_PER_HOUR = 3600;
/** Of an endpoint that starts, answers some hundred requests and is removed; of a transform of samples. */
const SHORT_HOURS = 0.5;

export function trialStep(context: PublishContext): Step {
  const { recommended } = context.source.product;
  const { trainingJob, transformJob, moreTransformJobs } = context.source.profile;
  const trainingHours = (trainingJob?.maxRuntimeInSeconds ?? 0) / SECONDS_PER_HOUR;
  const batchHours = SHORT_HOURS * ((transformJob ? 1 : 0) + moreTransformJobs.length);
  return {
    name: 'trial',
    makes: ['training job, model, batch transforms and endpoint, as a buyer would have them; all removed in the end'],
    hours: [0.2, trainingHours + batchHours + SHORT_HOURS],
    instances: [
      ...(trainingJob
        ? [{ use: 'training' as const, type: recommended.training ?? recommended.batch, hours: trainingHours }]
        : []),
      { use: 'batch', type: recommended.batch, hours: batchHours },
      { use: 'realTime', type: recommended.realTime, hours: SHORT_HOURS },
    ],
    async isDone() {
      const trial = await passedTrial(context);
      return trial
        ? { isDone: true, text: `passed at ${trial.startedAt}` }
        : { isDone: false, text: 'none with this image and these samples has passed' };
    },
    async do() {
      const trial = await runTrial(context, {
        onStep: ({ step, result, seconds, text }) =>
          context.say(`  ${step}: ${result}, ${seconds.toFixed(1)} s; ${text}`),
      });
      if (trial.result === 'failed') throw new JobError(`the trial failed in ${trial.cause}`);
      return `passed in ${trial.seconds.toFixed(0)} s`;
    },
  };
}
