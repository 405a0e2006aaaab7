/**
 * The code that READMEs and CONTRIBUTING.md show: blocks of TypeScript, which a test compiles, and commands, which CI runs
 * (run-documents.ts). A block ```ts continued continues the previous one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspaces.ts';

/** Where something is written. */
interface Place {
  /** From the root of the repository. */
  readonly document: string;
  /** From 1. */
  readonly line: number;
}

export interface CodeBlock extends Place {
  /** Of a block that is continued: all of it. */
  readonly code: string;
}

export interface Command extends Place {
  readonly command: string;
}

/** READMEs and CONTRIBUTING.md, without those of templates: `algo new` shows theirs in a repository of its own. */
export function readDocuments(root: string = ROOT): string[] {
  const files = execFileSync('git', ['ls-files', '--', 'README.md', '*/README.md', 'CONTRIBUTING.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  return files
    .split('\n')
    .filter((file) => file !== '' && !file.includes('/templates/') && !file.includes('/fixtures/'));
}

/** Blocks of TypeScript; of those that are continued the last, with what came before. */
export function typescriptBlocks(documents: readonly string[], root: string = ROOT): CodeBlock[] {
  return documents.flatMap((document) => {
    const blocks: CodeBlock[] = [];
    for (const { language, line, code } of fencedBlocks(readFileSync(join(root, document), 'utf8'))) {
      if (language === 'ts') blocks.push({ document, line, code });
      else if (language === 'ts continued') blocks.push({ document, line, code: (blocks.pop()?.code ?? '') + code });
    }
    return blocks;
  });
}

/** The lines of `sh` blocks and indented lines that begin as commands do, without comments; `\` joins lines. */
export function commands(documents: readonly string[], root: string = ROOT): Command[] {
  return documents.flatMap((document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const shell = fencedBlocks(text).filter(({ language }) => language === 'sh');
    const inFences = shell.flatMap(({ line, code }) => joinedLines(code.split('\n'), line + 1));
    const outside = joinedLines(withoutFences(text).split('\n'), 1).filter(({ text }) => INDENTED_COMMAND.test(text));
    return [...inFences, ...outside]
      .map(({ text, line }) => ({ document, line, command: text.trim().replace(/\s+#.*$/, '') }))
      .filter(({ command }) => command !== '' && !command.startsWith('#'))
      .sort((a, b) => a.line - b.line);
  });
}

// --- internal ---

const INDENTED_COMMAND = /^ {4}(npx|npm|node|docker|bash|python3|PATH=)/;

interface Fence {
  readonly language: string;
  readonly line: number;
  readonly code: string;
}

function fencedBlocks(text: string): Fence[] {
  const lines = text.split('\n');
  const blocks: Fence[] = [];
  let open: { readonly language: string; readonly at: number } | undefined;
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith('```')) continue;
    if (!open) open = { language: line.slice(3).trim(), at };
    else {
      blocks.push({ language: open.language, line: open.at + 1, code: `${lines.slice(open.at + 1, at).join('\n')}\n` });
      open = undefined;
    }
  }
  return blocks;
}

/** Lines stay where they are. */
function withoutFences(text: string): string {
  return text.replace(/^```.*?^```/gms, (block) => block.replace(/[^\n]/g, ''));
}

function joinedLines(lines: readonly string[], first: number): { readonly text: string; readonly line: number }[] {
  const joined: { text: string; line: number }[] = [];
  let isContinued = false;
  for (const [at, line] of lines.entries()) {
    const text = line.replace(/\\$/, '');
    if (isContinued) joined.at(-1)!.text += text.trimStart();
    else joined.push({ text, line: first + at });
    isContinued = line.endsWith('\\');
  }
  return joined;
}
