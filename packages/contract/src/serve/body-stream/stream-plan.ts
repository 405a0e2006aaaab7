/** Whether a request can be answered part by part, and how: by the formats of request and answer, known from its head. */
import type { Packing } from '../../channels/packings.js';
import type { AnswerWriter, DocumentFrame, RequestReader } from '../../formats/format.js';
import { isBlankRange, lineAfter } from '../../formats/text/lines.js';
import type { ServingSettings } from '../../serving-settings.js';
import { createNegotiation, type Negotiation, type Payloads } from '../negotiation.js';
import { packingOfBody } from '../packed-body.js';
import { joined, type Pieces } from '../pieces.js';
import type { RequestHead } from '../worker-message.js';
import { PART_BYTES } from './body-parts.js';
import { type Cutter, frameCutter, lineCutter } from './cutter.js';

export interface StreamPlan {
  /** How the body is to be unpacked first. */
  readonly packing: Packing | undefined;
  createCutter(): Cutter;
  /** Whether the first line is a header line. */
  readonly header: 'absent' | 'present' | 'auto';
  /** The content type without its parameter `header`. */
  readonly headless: string;
  /** What is around and between the answers of parts. */
  readonly frame: DocumentFrame | undefined;
  /** Of the answer. */
  readonly contentType: string;
}

/** Of a container: undefined unless it is that of a batch transform with MaxPayloadInMB 0. */
export function createStreamPlanner(
  algorithm: Payloads,
  { maxPayloadMb, defaultAccept }: Pick<ServingSettings, 'maxPayloadMb' | 'defaultAccept'>,
): ((request: RequestHead) => StreamPlan | undefined) | undefined {
  if (maxPayloadMb !== 0) return undefined;
  const negotiation = createNegotiation(algorithm, defaultAccept);
  return (request) => planStream(request, negotiation);
}

/** The head of the parts behind the first one. @param hasHeader whether the first one has a header line */
export function withHeader(request: RequestHead, { header, headless }: StreamPlan, hasHeader: boolean): RequestHead {
  if (header === 'absent') return request;
  return { ...request, contentType: `${headless}; header=${hasHeader ? 'present' : 'absent'}` };
}

/** The first line that is not blank, with its line feed. @param pieces of whole lines */
export function headerLineOf(pieces: Pieces): Uint8Array {
  const lines = joined(pieces);
  let start = 0;
  let end = lineAfter(lines, 0);
  while (end < lines.length && isBlankRange(lines, start, end)) {
    start = end;
    end = lineAfter(lines, start);
  }
  return Buffer.from(lines.subarray(start, end));
}

/** Bytes that such a request holds: parts on their way, and answers. */
export function streamBytes(ahead: number): number {
  return 2 * (ahead + 1) * PART_BYTES;
}

// --- internal ---

/** @returns undefined where the body must be there as a whole, or the request will be refused */
function planStream(
  { contentType, contentEncoding, accept }: RequestHead,
  negotiation: Negotiation,
): StreamPlan | undefined {
  try {
    const packing = packingOfBody({ contentEncoding });
    const input = negotiation.inputFormat(contentType, packing ? undefined : contentEncoding);
    const output = negotiation.outputFormat(accept);
    if ('own' in input.format || 'own' in output.format) return undefined;
    const answer: AnswerWriter = output.format.answer;
    const { lines, isFramed, headerOf }: RequestReader = input.format.request;
    if (answer.isWhole || !(lines || isFramed)) return undefined;
    const { header: _, ...parameters } = input.mediaType.parameters;
    return {
      packing,
      createCutter: lines ? lineCutter : frameCutter,
      header: headerOf?.(input.mediaType) ?? 'absent',
      headless: [input.mediaType.type, ...Object.entries(parameters).map(parameterText)].join('; '),
      frame: frameOf(answer),
      contentType: output.contentType,
    };
  } catch {
    return undefined; // whoever reads the request says what is wrong with it
  }
}

function parameterText([name, value]: readonly [string, string]): string {
  return `${name}="${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** The frame that parts are put into; in a batch transform documents end with a line feed. */
function frameOf({ frame, isDocument }: AnswerWriter): DocumentFrame | undefined {
  return frame && (isDocument ? { ...frame, after: `${frame.after}\n` } : frame);
}
