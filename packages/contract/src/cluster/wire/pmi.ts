/**
 * How the ranks of MPI find each other: the process manager's part of PMI-1, which every build of MPICH speaks. Each rank
 * puts its address under a key, waits for all at a barrier, and gets those of the others. The leader's main thread
 * answers what is about all of them, by the main threads of the others; there is no process to start, neither here nor there.
 * Source: Flux RFC 13, "Simple Process Manager Interface v1".
 */
import { randomUUID } from 'node:crypto';

export interface PmiExchange {
  /**
   * A rank that has connected.
   * @param answer sends it a line, without its end
   * @param onAbort the rank has given up, with a reason of its own
   * @returns takes a line that it has sent
   */
  connect(answer: (line: string) => void, onAbort: (reason: string) => void): (line: string) => void;
}

/** Whether a line is about all ranks, so that the leader takes it; any other is the same wherever it is answered. */
export function isForAll(line: string): boolean {
  return /^cmd=(put|get|get_my_kvsname|barrier_in|abort)\b/.test(line);
}

/**
 * @param size how many ranks there are
 * @param space names the space that keys are in, of which there is one; the library names its shared memory after it, so that jobs
 *   on the same machine must differ in it
 */
export function createPmiExchange(size: number, space: string = randomUUID()): PmiExchange {
  const values = new Map<string, string>([['PMI_process_mapping', `(vector,(0,${size},1))`]]);
  let waiting: ((line: string) => void)[] = [];

  const arrive = (answer: (line: string) => void) => {
    waiting.push(answer);
    if (waiting.length < size) return;
    const all = waiting;
    waiting = [];
    for (const each of all) each('cmd=barrier_out rc=0');
  };
  return {
    connect: (answer, onAbort) => (line) => {
      const request = parse(line);
      const { cmd = '' } = request;
      if (cmd === 'barrier_in') return arrive(answer);
      if (cmd === 'abort') return onAbort(request.error_msg ?? `exit code ${request.exitcode ?? 'unknown'}`);
      if (cmd === 'put') values.set(request.key ?? '', request.value ?? '');
      answer(answerTo(cmd, { size, space, value: values.get(request.key ?? '') }));
      if (cmd !== 'initack') return;
      for (const fact of [`size=${size}`, `rank=${request.pmiid}`, 'debug=0']) answer(`cmd=set ${fact}`);
    },
  };
}

// --- internal ---

/** How long names, keys and values may be, as Hydra has them. */
const MAXES = 'kvsname_max=256 keylen_max=64 vallen_max=1024';

interface Known {
  readonly size: number;
  readonly space: string;
  readonly value: string | undefined;
}

function answerTo(cmd: string, { size, space, value }: Known): string {
  switch (cmd) {
    case 'initack':
      return 'cmd=initack rc=0';
    case 'init':
      return 'cmd=response_to_init rc=0 pmi_version=1 pmi_subversion=1';
    case 'get_maxes':
      return `cmd=maxes rc=0 ${MAXES}`;
    case 'get_appnum':
      return 'cmd=appnum rc=0 appnum=0';
    case 'get_my_kvsname':
      return `cmd=my_kvsname rc=0 kvsname=${space}`;
    case 'get_universe_size':
      return `cmd=universe_size rc=0 size=${size}`;
    case 'put':
      return 'cmd=put_result rc=0';
    case 'get':
      return value === undefined ? 'cmd=get_result rc=-1 msg=unknown_key' : `cmd=get_result rc=0 value=${value}`;
    case 'finalize':
      return 'cmd=finalize_ack rc=0';
    default:
      return `cmd=${cmd} rc=-1 msg=unknown_command`;
  }
}

/** `cmd=put kvsname=job key=a value=b`: words without spaces, so that a value has none either. */
function parse(line: string): Readonly<Record<string, string>> {
  const pairs = line
    .trim()
    .split(' ')
    .map((word) => /^([^=]*)=?(.*)$/.exec(word)!.slice(1) as [string, string]);
  return Object.fromEntries(pairs);
}
