import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseWrk, wrkLoad, wrkScript } from '../src/wrk.js';

const report = (counts: object) => {
  const right = { requests: 90, microseconds: 3_000_000, wrong: 0, failed: 0, first: '' };
  return `Running 3s test\n  90 requests in 3.00s\nalgo ${JSON.stringify({ ...right, ...counts })}\n`;
};

describe('parseWrk', () => {
  it('reads the counts of the script', () => {
    expect(parseWrk(report({}))).toEqual({ requests: 90, seconds: 3 });
  });

  it.each([
    [{ wrong: 2, first: '500 no' }, '2 of 90 answers are wrong; the first: 500 no'],
    [{ failed: 3 }, '3 requests had no answer, 90 had one.'],
    [{ requests: 0 }, 'No request was answered.'],
  ])('rejects a run with %o', (counts, message) => {
    expect(() => parseWrk(report(counts))).toThrow(message);
  });

  it('rejects output without the counts', () => {
    expect(() => parseWrk('unable to connect')).toThrow('it printed: unable to connect');
  });
});

it('the script of wrk has each question, byte by byte where it is not plain', () => {
  const script = wrkScript([
    { method: 'POST', path: '/a', headers: { 'Content-Type': 'text/csv' }, body: '1,"é"\n', answer: '2\n' },
    { path: '/b', answer: 'ok' },
  ]);

  expect(script).toContain(
    String.raw`{ method = "POST", path = "/a", headers = { ["Content-Type"] = "text/csv" }, body = "1,\034\195\169\034\010", answer = "2\010" },`,
  );
  expect(script).toContain('{ method = "GET", path = "/b", headers = {  }, body = "", answer = "ok" },');
});

describe('wrkLoad', () => {
  const load = { port: 1, questions: [{ path: '/', answer: 'ok' }], connections: 1, seconds: 1 };

  /** Programs of sh that replace all others. */
  function putPrograms(programs: Readonly<Record<string, string>>): void {
    const folder = mkdtempSync(join(tmpdir(), 'bench-wrk-'));
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    vi.stubEnv('PATH', folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    });
  }

  it('reads what the script prints, on the CPUs that it is given', async () => {
    putPrograms({
      taskset: `test "$1 $2 $3" = "-c 1 wrk" && echo 'algo ${JSON.stringify({ requests: 5, microseconds: 1e6, wrong: 0, failed: 0, first: '' })}'`,
    });

    await expect(wrkLoad({ ...load, cpus: '1' })).resolves.toEqual({ requests: 5, seconds: 1 });
  });

  it.each([
    ['', {}, undefined],
    [
      ' where it would be pinned',
      { taskset: 'echo "taskset: failed to execute wrk: No such file" >&2; exit 127' },
      '1',
    ],
  ])('says how to install wrk%s', async (_, programs, cpus) => {
    putPrograms(programs);

    await expect(wrkLoad({ ...load, cpus })).rejects.toThrow('Install it: apt-get install wrk');
  });
});
