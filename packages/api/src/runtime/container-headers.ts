/** Headers between caller and container: the service passes on those it knows, and no others. */
import type { IncomingHttpHeaders } from 'node:http';
import { headerOfText } from '../server/header-text.js';
import { newSessionHeader } from './session-routes.js';

/** Host of the platform's own calls. */
export const HOST_HEADER = 'model.aws.local:8080';

export interface InvocationHeaders {
  readonly ContentType?: string;
  readonly Accept?: string;
  readonly CustomAttributes?: string;
  readonly InferenceId?: string;
  readonly SessionId?: string;
  readonly TargetModel?: string;
  readonly TargetVariant?: string;
  readonly TargetContainerHostname?: string;
}

const TO_CONTAINER = [
  ['ContentType', 'Content-Type'],
  ['Accept', 'Accept'],
  ['CustomAttributes', 'X-Amzn-SageMaker-Custom-Attributes'],
  ['InferenceId', 'X-Amzn-SageMaker-Inference-Id'],
  ['SessionId', 'X-Amzn-SageMaker-Session-Id'],
  ['TargetModel', 'X-Amzn-SageMaker-Target-Model'],
] as const;

/** Those that a container gives and a caller sees. */
const TO_CALLER = ['x-amzn-sagemaker-custom-attributes', 'x-amzn-sagemaker-closed-session-id'] as const;

export function headersForContainer(input: InvocationHeaders): Record<string, string> {
  const sent = (value: string | undefined) => (value === undefined ? undefined : headerOfText(value));
  return present(TO_CONTAINER.map(([member, name]) => [name, sent(input[member])]));
}

export function headersForCaller(headers: IncomingHttpHeaders, variant: string): Record<string, string> {
  return present([
    ...TO_CALLER.map((name) => [name, headers[name]] as const),
    ['x-amzn-sagemaker-new-session-id', newSessionHeader(headers)],
    ['x-Amzn-Invoked-Production-Variant', variant],
  ]);
}

// --- internal ---

function present(entries: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
