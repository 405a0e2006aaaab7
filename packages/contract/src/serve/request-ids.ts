/**
 * What names a request beyond this container: the caller's id of it, and its place in a trace.
 * Sources: API InvokeEndpoint (InferenceId); W3C Trace Context, 3.2 (traceparent).
 */
import { headerText, type RequestHeaders } from './message.js';
import { SESSION_HEADER } from './sessions/session-rules.js';

export const INFERENCE_ID_HEADER = 'x-amzn-sagemaker-inference-id';

/** Visible ASCII, as long as the API lets it be; undefined for anything else, since the log and the algorithm get it as it is. */
export function inferenceIdOf(headers: RequestHeaders): string | undefined {
  const id = headerText(headers, INFERENCE_ID_HEADER);
  return id !== undefined && INFERENCE_ID.test(id) ? id : undefined;
}

/** Of a stateful session, or what asks for a new one. */
export function sessionIdOf(headers: RequestHeaders): string | undefined {
  return headerText(headers, SESSION_FIELD);
}

/** As received; undefined for one that is none by its rules, which say to ignore it. */
export function traceparentOf(headers: RequestHeaders): string | undefined {
  const text = headerText(headers, 'traceparent');
  return text !== undefined && TRACEPARENT.test(text) ? text : undefined;
}

/** Names of the fields as OpenTelemetry has them in logs of other formats than its own. */
export interface TraceFields {
  readonly trace_id: string;
  readonly span_id: string;
  readonly trace_flags: string;
}

/** @param traceparent as traceparentOf gives it */
export function traceFields(traceparent: string): TraceFields {
  const [, trace_id = '', span_id = '', trace_flags = ''] = traceparent.split('-');
  return { trace_id, span_id, trace_flags };
}

// --- internal ---

const SESSION_FIELD = SESSION_HEADER.toLowerCase();
const INFERENCE_ID = /^[\x21-\x7e]{1,64}$/;
/** Version, trace, parent, flags: ids are not all zeros, the version is not ff, and later versions may append. */
const TRACEPARENT =
  /^(?!ff)(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}|(?!00)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?)$/;
