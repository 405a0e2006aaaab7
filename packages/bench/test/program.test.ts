/** Programs as real processes; the peak memory hook is the built one, as benches use it. */
import { describe, expect, it } from 'vitest';
import { runNode, runProgram } from '../dist/program.js';

const node = (script: string) => ({ command: process.execPath, args: ['-e', script] });

describe('runProgram', () => {
  it('returns the output and the numbers of its last line', async () => {
    const result = await runProgram(node(`console.log('hello'); console.log('{"seconds":1.5,"name":"x"}')`));

    expect(result.output).toContain('hello');
    expect(result.reported).toEqual({ seconds: 1.5 });
    expect(result.seconds).toBeGreaterThan(0);
  });

  it("passes the given variables, and of the caller's only PATH and HOME", async () => {
    process.env.OF_THE_CALLER = '1';

    const result = await runProgram({
      ...node(`console.log(JSON.stringify(Object.keys(process.env).sort()))`),
      variables: { SAGEMAKER_BASE_DIR: '/tmp/x' },
    });

    expect(JSON.parse(result.output)).toEqual(['HOME', 'PATH', 'SAGEMAKER_BASE_DIR']);
  });

  it('rejects a failing program with its exit code and the end of its error output', async () => {
    await expect(runProgram(node(`console.error('disk full'); process.exit(3)`))).rejects.toThrow(
      /exited with 3: disk full/,
    );
  });

  it('kills a program that exceeds its time limit, naming the limit', async () => {
    const endless = { ...node('setInterval(() => {}, 1000)'), timeoutMs: 200 };

    await expect(runProgram(endless)).rejects.toThrow('SIGKILL (limit 200 ms)');
  });

  it('rejects a command that does not exist', async () => {
    await expect(runProgram({ command: '/nonexistent/program', args: [] })).rejects.toThrow('ENOENT');
  });
});

describe('runNode', () => {
  const touched = (megabytes: number) => `globalThis.kept = Buffer.alloc(${megabytes}e6, 1);`;

  it('measures peak memory even if it is free again at the end', async () => {
    const small = await runNode({ args: ['-e', ''] });
    const large = await runNode({ args: ['-e', `${touched(300)} globalThis.kept = null; gc();`, '--expose-gc'] });

    expect(small.peakMB).toBeGreaterThan(10);
    expect(large.peakMB - small.peakMB).toBeGreaterThan(280); // 300 MB less what the empty process touches anyway
    expect(large.peakMB - small.peakMB).toBeLessThan(360);
  });

  it('measures a program that exits by process.exit', async () => {
    const result = await runNode({ args: ['-e', `${touched(200)} process.exit(0)`] });

    expect(result.peakMB).toBeGreaterThan(200);
  });

  it('adds the peaks of the Node processes that the program starts', async () => {
    const child = `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(touched(200))}])`;

    const result = await runNode({ args: ['-e', child] });

    expect(result.peakMB).toBeGreaterThan(240); // 200 MB and two processes
  });
});
