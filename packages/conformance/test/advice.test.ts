/** What messages advise about a program that cannot be started. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileProgram, removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { adviceOnStart } from '../src/lab/advice.js';

function folderWith(train: string): FileProgram {
  const folder = mkdtempSync(join(tmpdir(), 'algo-advice-'));
  onTestFinished(() => removeTree(folder));
  writeFileSync(join(folder, 'train'), train);
  return { command: '/bin/sh', args: [], file: folder, folder };
}

describe('a script whose first line ends with a carriage return', () => {
  it('is named, also where it is one of a folder', () => {
    const program = folderWith('#!/bin/sh\r\nexit 0\r\n');
    const file = join(program.folder, 'train');

    for (const one of [program, { ...program, file }]) {
      expect(adviceOnStart(one, 'train')).toBe(
        `; the first line of ${file} ends with a carriage return, which is taken for a part of the interpreter's name`,
      );
    }
  });

  it('is another fault than an interpreter that is missing', () => {
    const program = folderWith('#!/opt/no/such/python -u\nprint(1)\n');

    expect(adviceOnStart(program, 'train')).toBe(
      `; ${join(program.folder, 'train')} needs /opt/no/such/python, which this machine has not: try its image`,
    );
  });

  it.each([['#!/bin/sh\nprintf "\r\n"\n'], ['\u007fELF\r\n'], ['']])('is not %j', (text) => {
    expect(adviceOnStart(folderWith(text), 'train')).toBe('');
  });

  it('is not a file that is missing', () => {
    expect(adviceOnStart(folderWith(''), 'serve')).toBe('');
  });
});
