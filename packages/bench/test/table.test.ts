import { expect, it } from 'vitest';
import { row } from '../src/row.js';
import { formatTable } from '../src/table.js';

it('the table has aligned columns, units, ranges, and a note under its row', () => {
  const table = formatTable([
    row({
      measure: 'read',
      unit: 'MB/s',
      key: 'speed',
      ours: [{ speed: 612.4 }, { speed: 598.2 }, { speed: 640.1 }],
      peer: { name: 'pandas 3', outcome: { samples: [{ speed: 135 }] } },
      goal: { value: 'ours', atLeast: 400 },
    }),
    row({
      measure: 'train',
      unit: 's',
      key: 'seconds',
      ours: [{ seconds: 1.2345 }],
      peer: { name: 'numpy', outcome: { missing: 'no wheel' } },
      goal: { value: 'ratio', atMost: 0.5 },
    }),
  ]);

  expect(table).toBe(
    [
      'measure                ours      peer  peer name  ratio  goal          reached',
      '-------  ------------------  --------  ---------  -----  ------------  -------',
      'read     612 MB/s (598-640)  135 MB/s  pandas 3    4.54  >= 400 MB/s   yes',
      'train                1.23 s         -  numpy          -  ratio <= 0.5  NO',
      '    peer missing: no wheel',
    ].join('\n'),
  );
});
