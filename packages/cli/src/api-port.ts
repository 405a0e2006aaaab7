/** The port of `algo up`, for the commands that start it or ask it. */
import { Option } from 'commander';
import { integerIn } from './option-values.js';

/** Not one that another well-known server or emulator has. */
const DEFAULT_PORT = 4580;

/** @param lowest 0 where the command may choose a free port */
export function portOption(description: string, lowest: 0 | 1): Option {
  return new Option('--port <port>', description).argParser(integerIn(lowest, 65_535)).default(DEFAULT_PORT);
}
