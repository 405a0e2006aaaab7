/** Memory of a server that answers for long: of the process that does the work, and of all together. */
import { type ProcessUsage, pinServerAndClient, type Row, type RunningServer, row, wrkLoad } from '@algo/bench';
import { ourServer, type Peers, questionOf, start } from './contenders.ts';
import { CONNECTIONS } from './load-rows.ts';
import type { ServedModel } from './models.ts';

const EARLY_REQUESTS = 200_000;
const LATE_REQUESTS = 2_000_000;
const MAX_SECONDS = 30;

/** @param requestsPerSecond about how many to expect */
export async function memoryRows(
  model: ServedModel,
  requestsPerSecond: number,
  { context }: Peers,
): Promise<readonly Row[]> {
  const pinning = pinServerAndClient(1);
  const server = await start(ourServer(model, 1), context, pinning.server);
  try {
    const questions = await Promise.all(model.rows.slice(0, 2).map((text) => questionOf(server.port, text)));
    const load = { port: server.port, questions, connections: CONNECTIONS, cpus: pinning.client };
    let answered = 0;
    /** Asks until so many are answered in all; wrk takes whole seconds. */
    const askUntil = async (requests: number): Promise<readonly ProcessUsage[]> => {
      while (answered < requests) {
        context.progress(`memory: ${answered} of ${LATE_REQUESTS} requests`);
        const seconds = Math.ceil((requests - answered) / requestsPerSecond);
        answered += (await wrkLoad({ ...load, seconds: Math.min(MAX_SECONDS, seconds) })).requests;
      }
      return server.usage();
    };
    const atStart = await settled(server);
    const early = await askUntil(EARLY_REQUESTS);
    const late = await askUntil(LATE_REQUESTS);
    const { pid } = busiest(atStart, late);
    const growth = (before: readonly ProcessUsage[], name: string, atMost?: number) => [
      compare('memory of the process that answers', late, before, name, ({ pid: other }) => other === pid, atMost),
      compare(`… of all ${late.length} processes`, late, before, name, () => true),
    ];
    return [...growth(early, 'after 200,000', 1.1), ...growth(atStart, 'at the start', 1.5)];
  } finally {
    await server.stop();
  }
}

// --- internal ---

/** What a server uses once its model is loaded everywhere: when it has used no processor for a while. */
async function settled(server: RunningServer): Promise<readonly ProcessUsage[]> {
  let usage = server.usage();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const next = server.usage();
    if (next.length === usage.length && total(next) === total(usage)) return next;
    usage = next;
  }
}

function total(usage: readonly ProcessUsage[]): number {
  return usage.reduce((sum, { processorMs }) => sum + processorMs, 0);
}

/** The process that has used processors for longest in between. */
function busiest(before: readonly ProcessUsage[], after: readonly ProcessUsage[]): ProcessUsage {
  const used = ({ pid, processorMs }: ProcessUsage) =>
    processorMs - (before.find((usage) => usage.pid === pid)?.processorMs ?? 0);
  return after.toSorted((a, b) => used(b) - used(a))[0]!;
}

function compare(
  measure: string,
  late: readonly ProcessUsage[],
  before: readonly ProcessUsage[],
  name: string,
  isCounted: (usage: ProcessUsage) => boolean,
  atMost?: number,
): Row {
  const sample = (usage: readonly ProcessUsage[]) => ({
    megabytes: usage.filter(isCounted).reduce((sum, { residentMB }) => sum + residentMB, 0),
  });
  return row({
    measure: `${measure} after 2,000,000 requests`,
    unit: 'MB',
    key: 'megabytes',
    ours: [sample(late)],
    peer: { name: `itself ${name}`, outcome: { samples: [sample(before)] } },
    ...(atMost !== undefined && { goal: { value: 'ratio', atMost } }),
  });
}
