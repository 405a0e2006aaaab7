import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStartMarks } from '../../src/jobs/start-marks.js';
import { makeFolder } from '../support/scene.js';

const unit = { kind: 'training-job', name: 'job' };

it('a mark that has been emptied says that a program was started, also when the job has another process', () => {
  const marks = openStartMarks(makeFolder());

  const before = marks.hasStarted(unit);
  const file = marks.place(unit);
  const placed = marks.hasStarted(unit);
  writeFileSync(file, '');
  const again = marks.place(unit);

  expect([before, placed, again, marks.hasStarted(unit)]).toEqual([false, false, file, true]);
});

it('marks are removed with their jobs, and at the start those that no job has', () => {
  const folder = makeFolder();
  const marks = openStartMarks(folder);
  for (const name of ['a', 'b', 'c']) marks.place({ kind: 'job', name });
  writeFileSync(join(folder, 'starts/job.d.new'), ''); // as of a server that was killed while it placed one

  marks.remove({ kind: 'job', name: 'a' });
  marks.remove({ kind: 'job', name: 'none' });
  openStartMarks(folder).keepOnly([{ kind: 'job', name: 'b' }]);

  expect(readdirSync(join(folder, 'starts'))).toEqual(['job.b']);
});
