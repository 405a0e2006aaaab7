/** Checkpoints: a job that has a folder for them, and one that was stopped and resumes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckpointedJob, makeCheckpoints, type ResumedJob } from '../lab/checkpoints.js';
import { endOf } from '../lab/training.js';
import type { Rule } from '../rule.js';
import { Broken, excerpt, hold, need } from '../verdict.js';
import { completes } from './completes.js';
import { PAGES } from './pages.js';

const UPLOADER = 'aws/sagemaker-xgboost-container: checkpointing.py';

export const CHECKPOINT_RULES: readonly Rule[] = [
  {
    id: 'checkpoints.configured',
    rule: 'A job with checkpoints, so with checkpointconfig.json and an empty folder of its LocalPath, completes.',
    source: PAGES.checkpoints,
    severity: 'must',
    check: (lab) => completes(lab, { edit: (tree) => void makeCheckpoints(lab, tree) }),
  },
  {
    id: 'checkpoints.whole-files',
    rule: 'A job that is stopped leaves no file in the checkpoint folder that is half written, by its name: it would be uploaded.',
    source: UPLOADER,
    severity: 'should',
    async check(lab) {
      const { checkpoints } = await lab.checkpointedJob();
      const unfinished = checkpoints.filter((path) => UNFINISHED.test(path));
      hold(unfinished.length === 0, `left: ${unfinished.join(', ')}`);
      return checkpoints.slice(0, 3).join(', ');
    },
  },
  {
    id: 'checkpoints.resume',
    rule: 'A job that was stopped and is started again with its checkpoints resumes from them, and leaves a model.',
    source: PAGES.checkpoints,
    severity: 'must',
    check: async (lab) => resumes(await lab.resumedJob(), await lab.checkpointedJob()),
  },
  {
    id: 'checkpoints.uploader-files',
    rule: 'Files NAME.sagemaker-uploading and NAME.sagemaker-uploaded, which the uploader leaves next to a checkpoint, are not read as one.',
    source: UPLOADER,
    severity: 'should',
    async check(lab) {
      const first = await lab.checkpointedJob();
      need((await lab.resumedJob()).hasResumed, 'a job does not resume from its checkpoints');
      const job = await lab.resumedJobWith((folder) => {
        for (const path of first.checkpoints) {
          for (const mark of UPLOADER_MARKS) writeFileSync(join(folder, `${path}${mark}`), '');
        }
      });
      return resumes(job, first);
    },
  },
];

// --- internal ---

const UPLOADER_MARKS = ['.sagemaker-uploading', '.sagemaker-uploaded'];
const UNFINISHED = /\.(sagemaker-ignore|tmp|temp|part|partial|incomplete)$|~$|(^|\/)\.?tmp[^/]*$/;

/** @throws Broken unless the job resumed, ended in time when it was stopped, and left a model where the first had */
function resumes(job: ResumedJob, first: CheckpointedJob): string {
  const { line, hasResumed, stopSeconds, exit, modelFiles } = job;
  if (line === undefined) throw new Broken(`started again, it did not say that it resumes: ${endOf(job)}`);
  hold(hasResumed, `started again, it begins anew: ${excerpt(line)}`);
  hold(stopSeconds !== undefined && !exit.wasKilled, `started again, it did not end at SIGTERM: ${endOf(job)}`);
  hold(modelFiles.length > 0 || first.modelFiles.length === 0, 'started again, it leaves no model');
  return excerpt(line);
}
