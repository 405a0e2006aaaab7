/**
 * The second WebSocket of a bidirectional stream, on which a container reports what the stream costs, where its answer to the
 * first one asks for it. Source: AWS, "usage-based pricing for Amazon SageMaker bidirectional streaming".
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { PayloadPart } from './payload-part.js';
import { openSocket, type SocketOptions } from './web-socket.js';

export interface Metering {
  readonly Dimension: string;
  readonly ConsumedUnits: number;
}

export interface Metadata {
  /** Whether the stream must not continue without it. */
  readonly isRequired: boolean;
  /** Settles when the container has ended it. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface MetadataOptions extends SocketOptions {
  /** Gets each valid report once. */
  readonly onMetered: (metering: Metering) => void;
}

const DEFAULT_PATH = 'invocations-bidirectional-stream-metadata';
const MAX_BYTES = 512;
const MAX_DIMENSION_CHARS = 128;
const MAX_TOKEN_CHARS = 64;

/**
 * @param answered headers of the container's answer to the first WebSocket
 * @returns undefined where the container has no such stream, or can do without the one that cannot be opened
 * @throws Error when a stream that the container requires cannot be opened
 */
export async function openMetadata(
  url: string,
  answered: IncomingHttpHeaders,
  { onMetered, ...options }: MetadataOptions,
): Promise<Metadata | undefined> {
  if (answered['x-amzn-sagemaker-metadata-stream-supported'] !== 'true') return undefined;
  const isRequired = answered['x-amzn-sagemaker-metadata-stream-required'] === 'true';
  const given = answered['x-amzn-sagemaker-metadata-invocation-path'];
  const path = typeof given === 'string' ? given.replace(/^\//, '') : DEFAULT_PATH;
  try {
    const { parts, close } = await openSocket(`${url}/${path}`, options);
    return { isRequired, ended: readReports(parts, onMetered).catch(() => {}), close: () => close(1000) };
  } catch (error) {
    if (isRequired) throw error;
    return undefined;
  }
}

// --- internal ---

/** One that is malformed is dropped, and so is one whose ClientToken has been seen. */
async function readReports(parts: AsyncIterable<PayloadPart>, onMetered: (metering: Metering) => void): Promise<void> {
  const seen = new Set<string>();
  for await (const { bytes, isText, isLast } of parts) {
    const report = isText && isLast && bytes.length <= MAX_BYTES ? parseReport(bytes) : undefined;
    if (!report) continue;
    const { ClientToken, ...metering } = report;
    if (ClientToken !== undefined && seen.has(ClientToken)) continue;
    if (ClientToken !== undefined) seen.add(ClientToken);
    onMetered(metering);
  }
}

function parseReport(bytes: Buffer): (Metering & { readonly ClientToken?: string }) | undefined {
  let found: { readonly Metering?: Readonly<Record<string, unknown>> } | null;
  try {
    found = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  const { Dimension, ConsumedUnits, ClientToken } = found?.Metering ?? {};
  if (typeof Dimension !== 'string' || Dimension.length > MAX_DIMENSION_CHARS) return undefined;
  if (typeof ConsumedUnits !== 'number' || !(ConsumedUnits > 0)) return undefined;
  if (ClientToken === undefined) return { Dimension, ConsumedUnits };
  if (typeof ClientToken !== 'string' || ClientToken.length > MAX_TOKEN_CHARS) return undefined;
  return { Dimension, ConsumedUnits, ClientToken };
}
