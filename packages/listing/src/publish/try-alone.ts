/** The trial alone, as `algo validate --runner sagemaker`: what it needs is made, and what was made for it is removed again. */
import { messageOf, type StepResult } from '@algo/local';
import { explain } from './aws-error.js';
import { openContext, type PublishContext, type PublishRequest } from './context.js';
import { asOnlyRun } from './one-run.js';
import { runSteps } from './run-steps.js';
import { preparingSteps } from './steps/preparing.js';
import { findOtherTrial } from './trial/begun.js';
import { runTrial, type Trial } from './trial/trial.js';
import { removeParts } from './unpublish.js';

/** Costs are said by `algo publish`, whose dry run has the same step. */
const NO_PRICES = async () => undefined;
/** A scan is what AWS Marketplace asks for; a trial shows the image to nobody. */
const NEEDLESS = ['image scan', 'training image scan'];

/**
 * @param onStep hears of the steps of the trial
 * @throws JobError where what the trial needs cannot be made, or what was made cannot be removed; a trial that fails is a result
 */
export async function tryOnSageMaker(request: PublishRequest, onStep: (result: StepResult) => void): Promise<Trial> {
  const opened = await openContext({ ...request, isPrivate: true }).catch((error) => {
    throw explain('credentials', error);
  });
  return asOnlyRun(request, 'algo validate', () => tryAndRemove(opened, onStep));
}

// --- internal ---

async function tryAndRemove(opened: PublishContext, onStep: (result: StepResult) => void): Promise<Trial> {
  const context = withOwnStorage(opened);
  const made = new Set<string>(['sample data']); // below storage of its own, also what a killed one has left there
  const steps = preparingSteps(context).filter(({ name }) => !NEEDLESS.includes(name));
  const remove = () =>
    removeAfter(opened, context, made).catch((error) => {
      throw explain('removal', error);
    });
  let trial: Trial;
  try {
    await runSteps(context, steps, {
      ...{ isDryRun: false, prices: NO_PRICES },
      onStep({ step, state, makes, isPartly }) {
        if (state !== 'to do') return;
        if (!isPartly) made.add(step); // before it is begun: it may be interrupted
        for (const one of makes) context.say(`makes ${one}`);
      },
    });
    trial = await runTrial(context, { onStep });
  } catch (error) {
    await remove().catch((further) => context.say(messageOf(further))); // the first error is the cause
    throw explain('trial', error);
  }
  await remove();
  return trial;
}

/** @param opened where trials of other runs are looked for */
async function removeAfter(opened: PublishContext, context: PublishContext, steps: ReadonlySet<string>): Promise<void> {
  const otherTrial = (await findOtherTrial(opened, Date.now()))?.what;
  await removeParts(
    context,
    {
      isDryRun: false,
      onReport: ({ what, state, why }) => context.say(`${what}: ${state}${why === undefined ? '' : `, as ${why}`}`),
    },
    { steps, otherTrial },
  );
}

/** Apart from what publishing has put there, and where `unpublish` removes what trials have left. */
function withOwnStorage(context: PublishContext): PublishContext {
  const { seller } = context.source;
  return { ...context, source: { ...context.source, seller: { ...seller, storage: `${seller.storage}/trial/alone` } } };
}
