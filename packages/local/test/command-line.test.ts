import { expect, it } from 'vitest';
import { entrypointOption, programArguments } from '../src/container/command-line.js';

const entrypoint = ['python3', 'train.py'];

it.each([
  ['nothing else', {}, [], ['train']],
  ['arguments', { arguments: ['--epochs', '3'] }, [], ['--epochs', '3']],
  ['an entrypoint', { entrypoint }, ['--entrypoint', 'python3'], ['train.py']],
  ['both', { entrypoint, arguments: ['-v'] }, ['--entrypoint', 'python3'], ['train.py', '-v']],
])('an engine runs an image with %s', (_, given, before, after) => {
  const line = { command: 'train', ...given } as const;

  expect(entrypointOption(line)).toEqual(before);
  expect(programArguments(line)).toEqual(after);
});
