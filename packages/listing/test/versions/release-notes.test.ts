import { describe, expect, it } from 'vitest';
import { releaseNotesOf } from '../../src/versions/release-notes.js';

/** As changesets 3 writes it, and below it a part as Keep a Changelog has it. */
const CHANGELOG = `# @algo/sum

## 1.1.0

### Minor Changes

- 1a2b3c4: A CSV header line is read with \`header=present\`.

### Patch Changes

- 0f9e8d7: Data whose sum exceeds a double is refused by name.

  It was infinite.

- Updated dependencies [1a2b3c4]
- Updated dependencies [0f9e8d7]
  - @algo/contract@1.2.0
  - @algo/numerics@1.0.1

## 1.0.1

### Patch Changes

- Updated dependencies [5c6d7e8]
  - @algo/contract@1.1.0

## [1.0.0] - 2026-01-31

- The first one.\r
`;

describe('release notes', () => {
  const notesOf = (version: string, more: object = {}) =>
    releaseNotesOf({ version, changelog: CHANGELOG, own: undefined, isFirst: false, ...more });

  it('are the part of the changelog for the version, as plain text, without versions of libraries', () => {
    expect(notesOf('1.1.0')).toBe(
      'Minor changes:\n- A CSV header line is read with `header=present`.\n\n' +
        'Patch changes:\n- Data whose sum exceeds a double is refused by name.\n\n  It was infinite.',
    );
  });

  it('say that libraries are newer where nothing else changed', () => {
    expect(notesOf('1.0.1')).toBe('It is built with newer versions of its libraries.');
  });

  it('are found below a heading with a date, with line feeds only', () => {
    expect(notesOf('1.0.0')).toBe('- The first one.');
  });

  it('say that libraries are newer where the heading of the version ends the file', () => {
    const changelog = `${CHANGELOG}\n## 0.9.0`;

    expect(notesOf('0.9.0', { changelog })).toBe('It is built with newer versions of its libraries.');
  });

  it('leave out a heading without words', () => {
    const changelog = '## 1.0.0\n\n### \n\n- One.\n\n###\n\n- Two.\n\n###\n';

    expect(notesOf('1.0.0', { changelog })).toBe('- One.\n\n- Two.');
  });

  it('are those of product.yaml where it has some', () => {
    expect(notesOf('1.1.0', { own: 'My own.' })).toBe('My own.');
  });

  it('are "First version." only before anything is published', () => {
    expect(notesOf('2.0.0', { isFirst: true })).toBe('First version.');
    expect(notesOf('2.0.0')).toBeUndefined();
    expect(notesOf('1.1', { changelog: undefined })).toBeUndefined();
  });
});
