/**
 * The steps of a validation that only an image has: the same job and server once as a user who is not root, once without
 * any capability, and in the end whether any of its containers tried to reach out.
 */

import type { ImageProgram } from '../container/image-program.js';
import { isImageProgram, type Program } from '../container/program.js';
import { describeAttempts } from '../container/sandbox.js';
import { JobError } from '../errors.js';
import type { ValidationStep, ValidationWork } from './validation-request.js';
import {
  isModelPackage,
  runProfileJob,
  startProfileEndpoint,
  stopServer,
  trainingProgramOf,
} from './validation-run.js';

/** Nobody's: no image and no host gives it a name. */
const ARBITRARY_USER = '10914:10914';

export function createImageSteps(work: ValidationWork, program: ImageProgram): readonly ValidationStep[] {
  const asUser = limitedTo({ user: ARBITRARY_USER });
  const bare = limitedTo({ hasNoCapabilities: true });
  return [
    { name: 'arbitrary user', needs: ['model'], run: () => trainAndServe(work, asUser, 'arbitrary-user') },
    { name: 'no capabilities', needs: ['model'], run: () => trainAndServe(work, bare, 'no-capabilities') },
    { name: 'isolation', needs: [], isCleanUp: true, run: () => checkIsolation(work, program) },
  ];
}

// --- internal ---

/** A program as it is, but for some limits of its containers. */
function limitedTo(limits: Partial<ImageProgram['limits']>) {
  return (program: Program): Program =>
    isImageProgram(program) ? { ...program, limits: { ...program.limits, ...limits } } : program;
}

async function trainAndServe(
  work: ValidationWork,
  limited: (program: Program) => Program,
  folder: string,
): Promise<string> {
  const hasTraining = !isModelPackage(work);
  if (hasTraining) await runProfileJob(work, limited(trainingProgramOf(work)), `${folder}/training-job`);
  const endpoint = await startProfileEndpoint(work, limited(work.program), `${folder}/endpoint`);
  const stopped = await stopServer(endpoint);
  return `${hasTraining ? 'training job Completed, ' : ''}/ping 200 after ${endpoint.readySeconds.toFixed(2)} s, ${stopped}`;
}

async function checkIsolation(work: ValidationWork, program: ImageProgram): Promise<string> {
  const training = trainingProgramOf(work);
  const programs = isImageProgram(training) && training !== program ? [training, program] : [program];
  for (const { sandbox, image } of programs) {
    if (!sandbox) throw new JobError('the container must have no network but that of a sandbox');
    const told = describeAttempts(await sandbox.outward());
    if (told !== '') throw new JobError(`the container of ${image} must not use the network; it ${told}`);
  }
  return 'no name looked up, no connection tried';
}
