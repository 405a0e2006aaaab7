/**
 * The link of a host to the others, spoiled from within the host's network namespace: losses, a limited speed, a cut. Needs root,
 * `nft` for losses and cuts, `tc` of iproute2 for the speed.
 */
import { execFileSync } from 'node:child_process';

export interface Link {
  /** Loses a share of what the host is sent, in percent. */
  lose(percent: number): void;
  /** How many packets it has lost so far; after `lose`. */
  lostPackets(): number;
  /** Limits what the host sends, in bits per second. */
  slow(rate: number): void;
  /** Nothing gets to the host any more, nor from it; its interface stays as it is. */
  cut(): void;
}

/** @param launcher a command that starts what follows it in the namespace, where the link is the interface `eth0` */
export function linkOf(launcher: readonly string[]): Link {
  const run = (command: readonly string[], input?: string) => {
    const [program, ...args] = [...launcher, ...command];
    return execFileSync(program!, args, { encoding: 'utf8', stdio: 'pipe', input });
  };
  return {
    lose: (percent) => void run(['nft', '-f', '-'], lossRules(percent)),
    lostPackets: () => Number(/packets (\d+)/.exec(run(['nft', 'list', 'table', 'inet', 'loss']))![1]),
    slow(rate) {
      const packet = Math.round(Math.min(MOST_PACKET_BYTES, Math.max(LEAST_PACKET_BYTES, (rate / 8) * PACKET_SECONDS)));
      const burst = Math.round(Math.max(packet * WITH_HEADERS, (rate / 8) * TICK_SECONDS));
      const bucket = ['rate', String(rate), 'burst', String(burst), 'latency', '400ms'];
      run(['ip', 'link', 'set', 'eth0', 'gso_max_size', String(packet)]);
      run(['tc', 'qdisc', 'add', 'dev', 'eth0', 'root', 'tbf', ...bucket]);
    },
    cut: () => void run(['nft', '-f', '-'], CUT_RULES),
  };
}

// --- internal ---

/**
 * A packet as the kernel hands it over, which becomes the frames of a link in one piece. A link of limited speed lets one pass
 * at full speed: it is small where it would take long. With a smaller burst the kernel would time each frame for itself,
 * for which two processors are too slow.
 */
const LEAST_PACKET_BYTES = 16 * 1024;
const MOST_PACKET_BYTES = 64 * 1024;
const PACKET_SECONDS = 0.00025;
const WITH_HEADERS = 1.0625;
/** Between two looks at the clock. */
const TICK_SECONDS = 0.0001;

function lossRules(percent: number): string {
  return `table inet loss {
    chain in {
      type filter hook input priority 0
      iifname "eth0" numgen random mod 100 < ${percent} counter drop
    }
  }
  `;
}

const CUT_RULES = `table inet cut {
  chain in {
    type filter hook input priority 0
    iifname "eth0" drop
  }
  chain out {
    type filter hook output priority 0
    oifname "eth0" drop
  }
}
`;
