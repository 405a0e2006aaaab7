/**
 * Entry point of the `algo` command: the one module that does something when it is loaded.
 */
import { runCli } from './cli.js';

// A reader that closes the pipe, as in `| head -1`, or a terminal that is closed stops the output but not the work.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2));
