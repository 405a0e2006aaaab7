/** How the container is started: the command, and what an image says about it. */
import { basename } from 'node:path';
import { JobError } from '@algo/local';
import { adviceOnPaths, adviceOnStart } from '../lab/advice.js';
import { readImageConfig } from '../lab/image-config.js';
import type { Lab } from '../lab/lab.js';
import { endOf } from '../lab/training.js';
import type { Rule } from '../rule.js';
import { Broken, hold, NotTried } from '../verdict.js';
import { PAGES } from './pages.js';

export const LAUNCH_RULES: readonly Rule[] = [
  {
    id: 'launch.exec-form',
    rule: 'ENTRYPOINT is in the exec form, so that the program gets the argument and the signals itself.',
    source: PAGES.runTraining,
    severity: 'must',
    async check(lab) {
      const { entrypoint } = await configOf(lab);
      const [first = '', second = ''] = entrypoint;
      const isShell = SHELLS.has(basename(first)) && second === '-c';
      hold(!isShell, `ENTRYPOINT is ${JSON.stringify(entrypoint)}, which is the shell form`);
      return entrypoint.length === 0 ? 'no ENTRYPOINT: train and serve are on PATH' : JSON.stringify(entrypoint);
    },
  },
  {
    id: 'launch.no-init',
    rule: 'ENTRYPOINT is no init program such as tini, which gets the arguments train and serve wrong.',
    source: PAGES.runTraining,
    severity: 'must',
    async check(lab) {
      const { entrypoint } = await configOf(lab);
      hold(!INITS.has(basename(entrypoint[0] ?? '')), `ENTRYPOINT is ${JSON.stringify(entrypoint)}`);
      return `ENTRYPOINT ${JSON.stringify(entrypoint)}`;
    },
  },
  {
    id: 'launch.platform',
    rule: 'The image is of linux/amd64, which all instance types of SageMaker but a few run.',
    source: PAGES.sellerImages,
    severity: 'should',
    async check(lab) {
      const { platform } = await configOf(lab);
      hold(platform === 'linux/amd64', `the image is of ${platform}`);
      return platform;
    },
  },
  {
    id: 'launch.train',
    rule: 'Started with the argument train, the container trains, and exits with code 0.',
    source: PAGES.signals,
    severity: 'must',
    async check(lab) {
      const run = await lab.job().catch((error: unknown) => {
        throw error instanceof JobError
          ? new Broken(`${error.message.replace(/\.$/, '')}${adviceOnStart(lab.program, 'train')}`)
          : error;
      });
      const advice = () => adviceOnStart(lab.program, 'train') || adviceOnPaths(lab.program, run.lines);
      hold(run.exit.exitCode === 0 && !run.isLate, () => `${endOf(run)}${advice()}`);
      return endOf(run);
    },
  },
];

// --- internal ---

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash']);
const INITS = new Set(['tini', 'tini-static', 'dumb-init', 'catatonit', 'docker-init']);

function configOf({ program }: Lab) {
  if (!('image' in program)) throw new NotTried('a program that runs as a process has no image');
  return readImageConfig(program);
}
