/** Entry point of the `algo` command. */
import { runCli } from './cli.js';

process.exitCode = await runCli(process.argv.slice(2));
