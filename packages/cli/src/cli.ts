/**
 * The `algo` command: its subcommands and exit codes: 0 done, 1 the job failed, 2 wrong usage.
 */
import { readFileSync } from 'node:fs';
import { ArgumentError, JobError } from '@algo/local';
import { Command, CommanderError } from 'commander';

/** The subcommands, in help's order. The file of one is loaded when it is asked for: `algo up` starts without the others. */
const COMMANDS: Readonly<Record<string, () => Promise<(cli: Command) => void>>> = {
  validate: async () => (await import('./validate.js')).addValidate,
  train: async () => (await import('./train.js')).addTrain,
  tune: async () => (await import('./tune.js')).addTune,
  serve: async () => (await import('./serve.js')).addServe,
  transform: async () => (await import('./transform.js')).addTransform,
  up: async () => (await import('./up.js')).addUp,
  interrupt: async () => (await import('./interrupt-job.js')).addInterrupt,
  describe: async () => (await import('./describe.js')).addDescribe,
  conformance: async () => (await import('./conformance.js')).addConformance,
  image: async () => (await import('./image.js')).addImage,
  listing: async () => (await import('./listing.js')).addListing,
  notebook: async () => (await import('./notebook.js')).addNotebook,
  publish: async () => (await import('./publish.js')).addPublish,
  report: async () => (await import('./report.js')).addReport,
  unpublish: async () => (await import('./unpublish.js')).addUnpublish,
  new: async () => (await import('./new.js')).addNew,
  rename: async () => (await import('./rename.js')).addRename,
};

/** @param name of the subcommand that is asked for; anything else, such as an option or a mistyped name, gets all of them */
export async function createCli(name?: string): Promise<Command> {
  const cli = new StrictCommand('algo')
    .description('Amazon SageMaker algorithms on this machine: validate, train, tune, serve and transform without AWS.')
    .version(readVersion())
    .exitOverride()
    .configureHelp({ sortSubcommands: false, minWidthToWrap: 30 })
    .showHelpAfterError('(add --help to see the options)')
    .addHelpText('after', '\nExit codes: 0 done, 1 the job failed, 2 wrong usage.');
  const names = name !== undefined && Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
  for (const add of await Promise.all(names.map((one) => COMMANDS[one]!()))) add(cli);
  return cli;
}

/** Runs a command line; returns the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    const cli = await createCli(argv[0]);
    await cli.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return finishUsage(error);
    if (error instanceof ArgumentError || error instanceof JobError) {
      console.error(`algo: ${error.message}`);
      return error instanceof ArgumentError ? 2 : 1;
    }
    if (error instanceof Error && 'syscall' in error) {
      console.error(`algo: ${error.message}`); // the system's message names the call and the path
      return 1;
    }
    throw error;
  }
}

// --- internal ---

/**
 * Names an unknown option before a missing one: `--chanel` is both, and only the first says what is wrong. Names an unknown
 * command where its help is asked for, too: Commander answers with the help of all.
 */
class StrictCommand extends Command {
  override createCommand(name?: string): Command {
    return new StrictCommand(name);
  }

  override parseOptions(argv: string[]): ReturnType<Command['parseOptions']> {
    const parsed = super.parseOptions(argv);
    if (this.commands.length > 0) return this.withoutHelpOfNone(parsed);
    const isHelp = parsed.unknown.some(isHelpOption);
    if (!isHelp && parsed.unknown.length > 0) {
      for (const option of this.options) option.makeOptionMandatory(false);
    }
    return parsed;
  }

  /** `nosuch --help` and `help nosuch` as `nosuch`, which is refused. */
  private withoutHelpOfNone({ operands, unknown }: ReturnType<Command['parseOptions']>) {
    const names = operands[0] === 'help' ? operands.slice(1) : operands;
    let command: Command = this;
    for (const name of names) {
      if (command.commands.length === 0 || command.registeredArguments.length > 0) break; // the rest is its arguments
      const next = command.commands.find((one) => one.name() === name);
      if (!next) return { operands: names, unknown: unknown.filter((option) => !isHelpOption(option)) };
      command = next;
    }
    return { operands, unknown };
  }
}

function isHelpOption(option: string): boolean {
  return option === '-h' || option === '--help';
}

/** Commander has printed the help or the problem already, except for a problem thrown inside a command. */
function finishUsage(error: CommanderError): number {
  if (error.code === 'commander.invalidArgument' && !error.message.startsWith('error:')) {
    console.error(`algo: ${error.message}`);
  }
  return error.exitCode === 0 ? 0 : 2;
}

function readVersion(): string {
  const value: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : 'unknown';
}
