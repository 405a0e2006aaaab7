/**
 * A process that becomes a program once it is given a word: until then, whoever has spawned it can note what it is known by,
 * however quickly the program itself would end. It may have a mark, too, that says whether the program has been started, for
 * whoever finds it after this process was killed: a file with some content, which is emptied right before the program runs,
 * by the process that becomes the program.
 *
 *   sh: waits for a word of this process → empties the mark → becomes the program
 *
 * A process that nobody gives the word ends, as the pipe does. One that has it has the mark among its arguments until it is
 * the program, so killProcesses finds it. So, once those are killed, a mark that has its content is of a program that has
 * not been started and will not be.
 */
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';

/** The pipe for the word: the one after stdin, stdout and stderr. */
const WORD_FD = 3;
/** Variables that shells add; a program gets those only that it is given. */
const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL', '_'];

export interface Waiting {
  /** The working directory. */
  readonly directory: string;
  /** All that the program gets; undefined: those of this process. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly startMark?: string | undefined;
}

/**
 * The command that becomes `command` with its arguments; its fourth stream must be a pipe.
 * @throws Error of the system for a path that is no executable file
 */
export function waitingCommand(
  { command, args }: { readonly command: string; readonly args: readonly string[] },
  { directory, variables, startMark }: Waiting,
): { readonly command: string; readonly args: readonly string[] } {
  if (command.includes('/')) accessSync(resolve(directory, command), constants.X_OK);
  const added = variables ? SHELL_VARIABLES.filter((name) => variables[name] === undefined) : [];
  // bash adds two of them to what it becomes, though they are unset.
  const withoutAdded = added.length === 0 ? '' : `\${BASH_VERSION:+env ${added.map((name) => `-u ${name}`).join(' ')}}`;
  const script = [
    `read -r word <&${WORD_FD} || exit 1`,
    `exec ${WORD_FD}<&-`,
    ...(added.length === 0 ? [] : [`unset ${added.join(' ')}`]),
    ...(startMark === undefined ? [] : [': > "$0" || exit 1']),
    `exec ${withoutAdded} "$@"`,
  ].join('; ');
  return { command: '/bin/sh', args: ['-c', script, startMark ?? 'start', command, ...args] };
}

/** Gives the word, after which the program starts. Call it when the process has been spawned. */
export function giveWord(child: ChildProcess): void {
  const pipe = child.stdio[WORD_FD] as Writable;
  pipe.on('error', () => undefined); // EPIPE: it has been killed
  pipe.end('start\n');
}
