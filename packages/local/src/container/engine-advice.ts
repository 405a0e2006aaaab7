/** What to do about messages of container engines that say what failed, but not why. */

/** The limits by which a runtime names them: `ulimit`'s option, what they limit, and RLIMIT_* of Linux. */
const LIMITS = [
  { number: '6', name: 'nproc', option: 'u', what: 'processes' },
  { number: '7', name: 'nofile', option: 'n', what: 'open files' },
] as const;

const NO_NODE =
  'The image has no "node" on its PATH, which keeps the network of a container that is isolated. Add Node to the image, or run it without isolation.';

/**
 * A sentence on what to do about `said`, where that is known.
 * @param said what the engine wrote to stderr
 */
export function adviceOn(said: string): string | undefined {
  // runc: `exec: "node": executable file not found in $PATH`; crun: "executable file `node` not found in $PATH".
  if (/"node": executable file not found|executable file `node` not found/.test(said)) return NO_NODE;
  // runc: "error setting rlimit type 7: operation not permitted"; crun: "setrlimit `RLIMIT_NOFILE`: Operation not permitted".
  const found = /setting rlimits? type (\d+)|setrlimit\W+RLIMIT_(\w+)/i.exec(said);
  if (!found) return undefined;
  const limit = LIMITS.find(({ number, name }) => found[1] === number || found[2]?.toLowerCase() === name);
  const own = limit ?? { name: found[2]?.toLowerCase() ?? `number ${found[1]}`, option: 'a', what: undefined };
  return `The engine may not set the limit ${own.name}${own.what ? ` (${own.what})` : ''} of a container as high as it is configured. Set it in containers.conf, no higher than "ulimit -H${own.option}" says: [containers] default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"].`;
}
