import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeProgram, locateProgram } from '../src/index.js';
import { makeFolder, SUM_FOLDER, sumDescription, writeFiles } from './scene.js';

describe('a program', () => {
  it('is main of package.json, otherwise dist/main.js, or the file itself', () => {
    const folder = writeFiles(makeFolder(), {
      'dist/main.js': '',
      'package.json': '{"name":"x"}',
      'bare/dist/main.js': '',
    });

    expect(locateProgram(SUM_FOLDER)).toMatchObject({ file: join(SUM_FOLDER, 'main.js'), folder: SUM_FOLDER });
    expect(locateProgram(folder).file).toBe(join(folder, 'dist/main.js'));
    expect(locateProgram(join(folder, 'bare')).file).toBe(join(folder, 'bare/dist/main.js'));
    expect(locateProgram(join(folder, 'dist/main.js'))).toMatchObject({ command: process.execPath });
  });

  it('runs with the Node that its project pins, otherwise with that of the tools', () => {
    const folder = writeFiles(makeFolder(), {
      'node_modules/node/bin/node': '',
      'algorithms/a/dist/main.js': '',
    });

    expect(locateProgram(join(folder, 'algorithms/a')).command).toBe(join(folder, 'node_modules/node/bin/node'));
    expect(locateProgram(writeFiles(makeFolder(), { 'dist/main.js': '' })).command).toBe(process.execPath);
  });

  it.each(['README.md', 'package.json', 'Makefile'])('cannot be a file like %s', (name) => {
    const folder = writeFiles(makeFolder(), { [name]: '{}' });

    expect(() => locateProgram(join(folder, name))).toThrow(
      `${join(folder, name)} must be an algorithm's folder or its program, a JavaScript file or an executable one; it is another file.`,
    );
  });

  it('can be any executable', async () => {
    const folder = writeFiles(makeFolder(), {
      algorithm: `#!/bin/sh\n[ "$1" = describe ] && echo '${JSON.stringify(sumDescription)}'\n`,
    });
    chmodSync(join(folder, 'algorithm'), 0o755);

    const program = locateProgram(join(folder, 'algorithm'));

    expect(program.command).toBe(join(folder, 'algorithm'));
    expect((await describeProgram(program)).Name).toBe('sum');
  });

  it.each([
    ['nowhere', /[Tt]here is no .*nowhere/],
    ['empty', /must be an algorithm's folder, with package\.json or dist\/main\.js; it has neither/],
    ['unbuilt', /has not been built: there is no dist\/main\.js\. Run "npm run build" first/],
    ['broken', /package\.json must be a package's JSON/],
  ])('that does not exist is an ArgumentError: %s', (name, message) => {
    const folder = writeFiles(makeFolder(), {
      'empty/x': '',
      'unbuilt/package.json': '{"main":"dist/main.js"}',
      'broken/package.json': '{',
    });

    expect(() => locateProgram(join(folder, name))).toThrow(message);
  });
});

describe('a description by the program', () => {
  it.each([
    ['that is empty', '', /describe must print the algorithm's definition; it printed nothing\./],
    ['that is no JSON', 'console.log("hello")', /must print only JSON; it printed "hello\\n"/],
    [
      'of a program that fails',
      'console.error("oh no"); process.exit(3)',
      /describe failed \(3\)\. Its output:\noh no/,
    ],
    [
      'without what inference needs',
      'console.log(JSON.stringify({ Name: "x" }))',
      /unusable description:[\s\S]*InferenceSpecification/,
    ],
    [
      'with a metric that cannot be searched',
      `console.log(JSON.stringify({ TrainingSpecification: { MetricDefinitions: [{ Name: 'loss', Regex: '((' }] } }))`,
      /Metric "loss": "\(\(" must be a regular expression; .*Unterminated group\./,
    ],
  ])('%s is an error that shows it', async (_case, source, message) => {
    const folder = writeFiles(makeFolder(), { 'main.mjs': source });

    await expect(describeProgram(locateProgram(join(folder, 'main.mjs')))).rejects.toThrow(message);
  });
});
