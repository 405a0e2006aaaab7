/** What `algo up --env` prints, as the shells themselves read it; PowerShell, which Debian does not have, by its rule. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { assignment, comment, removal } from '../src/shell.js';

const VALUES = [
  'http://127.0.0.1:4580',
  '',
  "it's $HOME",
  'a "b" `c` \\ d\\',
  "\\'",
  '%PATH% !x ~ * ? {a,b} (c) #d ; e & f | g < h > i',
  '/Users/Zoë’s ‘data’ ‚a‛/😀',
  'line 1\nline 2\ttab',
];

const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;

/** The variable as a program gets it that the shell starts; null where it has none. */
function readBy(program: string, line: string): string | null {
  const { stdout, stderr } = spawnSync(
    program,
    ['-c', `${line}\nnode -p 'JSON.stringify(process.env.VALUE ?? null)'`],
    {
      // A shell warns of a locale that this machine has not; C each has.
      env: { ...process.env, LC_ALL: 'C', VALUE: 'as before' },
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/**
 * The value by about_Quoting_Rules: between single quotes all is as it is, but two quotes in a row, which are one. PowerShell's
 * tokenizer takes U+2018 to U+201B for single quotes (CharExtensions.IsSingleQuote).
 */
function readByPowerShellsRule(line: string): string {
  const quote = "['\u2018-\u201b]";
  const found = new RegExp(`^\\$Env:VALUE = ${quote}((?:[^'\u2018-\u201b]|${quote}{2})*)${quote}$`).exec(line);
  if (!found) throw new Error(`The line must be one assignment of one literal; it is ${line}`);
  return found[1]!.replace(new RegExp(`${quote}(${quote})`, 'g'), '$1');
}

describe.each(VALUES)('the value %j', (value) => {
  it.skipIf(!isThere('bash'))('is read by bash (skipped where there is none)', () => {
    expect(readBy('bash', assignment('bash', 'VALUE', value))).toBe(value);
  });

  it.skipIf(!isThere('fish'))('is read by fish (skipped where there is none)', () => {
    expect(readBy('fish', assignment('fish', 'VALUE', value))).toBe(value);
  });

  it('is one literal by the rule of PowerShell', () => {
    expect(readByPowerShellsRule(assignment('powershell', 'VALUE', value))).toBe(value);
  });
});

describe.each(['bash', 'fish'] as const)('%s', (shell) => {
  it.skipIf(!isThere(shell))(
    'removes a variable, and one that is not there without an error (skipped where there is none)',
    () => {
      expect(readBy(shell, `${removal(shell, 'VALUE')}\n${removal(shell, 'NOT_THERE')}`)).toBeNull();
    },
  );

  it.skipIf(!isThere(shell))(
    'reads a comment as nothing, in what it evaluates too (skipped where there is none)',
    () => {
      const lines = `${assignment(shell, 'VALUE', 'new')}\n${comment("it's (not) a `command` $(exit 1)")}`;
      const evaluated = `eval ${assignment(shell, 'X', lines).replace(/^(export X=|set -gx X )/, '')}`;

      expect(readBy(shell, lines)).toBe('new');
      expect(readBy(shell, evaluated)).toBe('new');
    },
  );
});

it('PowerShell removes a variable, and one that is not there without an error, by its own command', () => {
  expect(removal('powershell', 'VALUE')).toBe('Remove-Item Env:VALUE -ErrorAction Ignore');
});
