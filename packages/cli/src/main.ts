/**
 * Entry point of the `algo` command: the one module that does something when it is loaded.
 */
import { runCli } from './cli.js';

process.exitCode = await runCli(process.argv.slice(2));
