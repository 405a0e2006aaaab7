/** Whether a body can be predicted in parts, and how, by the formats of request and answer: known from its head. */
import type { AnswerWriter, DocumentFrame, RequestReader } from '../../formats/format.js';
import { createNegotiation, type Payloads } from '../negotiation.js';
import type { RequestHead } from '../worker-message.js';

export interface SpreadPlan {
  /** Whether the body may be cut before and behind this line; see RequestReader. */
  standsAlone(line: Uint8Array): boolean;
  /** Whether the first line is a header line. */
  readonly hasHeader: boolean;
  /** What is around and between the answers of parts. */
  readonly frame: DocumentFrame | undefined;
}

/** @param defaultAccept SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT */
export function createSpreadPlanner(
  algorithm: Payloads,
  defaultAccept: string | undefined,
): (request: RequestHead) => SpreadPlan | undefined {
  const negotiation = createNegotiation(algorithm, defaultAccept);
  return ({ contentType, contentEncoding, accept, sessionId }) => {
    if (contentEncoding !== undefined || sessionId !== undefined) return undefined;
    try {
      const { format, mediaType } = negotiation.inputFormat(contentType);
      const output = negotiation.outputFormat(accept);
      if ('own' in format || 'own' in output.format) return undefined;
      const { standsAlone, headerOf }: RequestReader = format.request;
      const { isWhole, frame }: AnswerWriter = output.format.answer;
      const header = headerOf?.(mediaType) ?? 'absent';
      // With `auto` what the first line is depends on the model.
      if (!standsAlone || isWhole || header === 'auto') return undefined;
      return { standsAlone, hasHeader: header === 'present', frame };
    } catch {
      return undefined; // whoever reads the request says what is wrong with it
    }
  };
}
