import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { openContainerLog } from '../src/container/container-log.js';

it('a log whose file cannot be written, as on a full disk, continues for its listener and says so once', async () => {
  const lines: string[] = [];
  const log = openContainerLog({ logFile: '/dev/full' }, { base: '/tmp/opt/ml' }, (line) => lines.push(line));
  const stream = new PassThrough();
  log.read(stream);

  stream.write('one\n');
  stream.end('two in /tmp/opt/ml/model\n');
  await once(stream, 'end');
  log.close();

  expect(lines).toEqual([
    "The log's file ends here, as it cannot be written: no space left on device (ENOSPC).",
    'one',
    'two in /opt/ml/model',
  ]);
  expect(log.lastLines).toEqual(lines);
});
