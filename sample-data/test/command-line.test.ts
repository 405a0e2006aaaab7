import { expect, it } from 'vitest';
import { readCommandLine } from '../command-line.ts';

const KNOWN = ['a', 'b'];

it('without a name asks for all samples', () => {
  expect(readCommandLine([], KNOWN)).toEqual({ kind: 'samples', names: KNOWN, isCheck: false });
  expect(readCommandLine(['--check', 'b'], KNOWN)).toEqual({ kind: 'samples', names: ['b'], isCheck: true });
});

it.each(['--help', '-h'])('%s asks for help, whatever else is there', (option) => {
  expect(readCommandLine(['nosuch', option], KNOWN)).toEqual({ kind: 'help' });
});

it.each([
  [['a', 'nosuch'], 'A name must be one of a, b, the folders with a prepare.ts; received "nosuch".'],
  [['--chek'], /^Unknown option '--chek'/],
  [['--check=yes'], /'--check' does not take an argument/],
])('%s is a mistake', (args, text) => {
  expect(readCommandLine(args, KNOWN)).toEqual({
    kind: 'mistake',
    text: typeof text === 'string' ? text : expect.stringMatching(text),
  });
});
