/** The variables of a serving container. Sources: CONTRACT.md, section variables. */
import { PlatformError } from './errors.js';
import { readFlag, readInteger, textOf } from './variables.js';

/** Settings of a hosting or batch container. */
export interface ServingSettings {
  readonly port: number;
  /** The address to listen on; undefined: all of them, as the platform needs it. */
  readonly host?: string | undefined;
  readonly isMultiModel: boolean;
  readonly isBatch: boolean;
  readonly maxPayloadMb: number | undefined;
  /** Largest body of a call that is none of batch transform; undefined: the algorithm's own limit. */
  readonly realTimePayloadMb?: number | undefined;
  readonly maxConcurrentTransforms: number | undefined;
  /** Answer type when the caller names none, or any. */
  readonly defaultAccept: string | undefined;
  /** Keys that every answer has, between commas, as the XGBoost container calls them; undefined: the algorithm's own. */
  readonly inferenceOutput: string | undefined;
  /** What becomes of a bad record of a batch transform; undefined: the error of its request. */
  readonly badRecords?: 'placeholder' | undefined;
  /** Processes that answer requests; undefined: one per allowed CPU. */
  readonly workers: number | undefined;
  /** Seconds that a session lives; undefined: what the algorithm says. */
  readonly sessionSeconds?: number | undefined;
  /** Seconds that one prediction may take; undefined: what the platform waits for. */
  readonly timeoutSeconds: number | undefined;
  /** What lines of the log are while the container serves; default 'text'. */
  readonly logFormat?: LogFormat;
  /** Of the lines in the log from which CloudWatch makes metrics; undefined: no such lines. */
  readonly metricsNamespace?: string | undefined;
}

export type LogFormat = 'text' | 'json';

export function readServingSettings(variables: NodeJS.ProcessEnv): ServingSettings {
  return {
    port: readInteger(variables, 'SAGEMAKER_BIND_TO_PORT', 0, 65535) ?? 8080,
    host: textOf(variables, 'ALGO_BIND_TO_HOST'),
    isMultiModel: readFlag(variables, 'SAGEMAKER_MULTI_MODEL'),
    isBatch: readFlag(variables, 'SAGEMAKER_BATCH'),
    maxPayloadMb: readInteger(variables, 'SAGEMAKER_MAX_PAYLOAD_IN_MB', 0, 100),
    realTimePayloadMb: readInteger(variables, 'ALGO_MAX_PAYLOAD_IN_MB', 1, ASYNCHRONOUS_MB),
    maxConcurrentTransforms: readInteger(variables, 'SAGEMAKER_MAX_CONCURRENT_TRANSFORMS', 0, 10_000),
    defaultAccept: textOf(variables, 'SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT'),
    inferenceOutput: textOf(variables, 'SAGEMAKER_INFERENCE_OUTPUT'),
    badRecords: readBadRecords(variables, 'ALGO_BAD_RECORDS'),
    workers: readInteger(variables, 'SAGEMAKER_MODEL_SERVER_WORKERS', 1, 1024),
    timeoutSeconds:
      readInteger(variables, 'SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS', 1, MAX_TIMEOUT_SECONDS) ??
      readInteger(variables, 'SAGEMAKER_MODEL_SERVER_TIMEOUT', 1, MAX_TIMEOUT_SECONDS),
    sessionSeconds: readInteger(variables, 'SAGEMAKER_SESSIONS_EXPIRATION', 1, MAX_TIMEOUT_SECONDS),
    logFormat: readLogFormat(variables, 'ALGO_LOG_FORMAT'),
    metricsNamespace: readNamespace(variables, 'ALGO_METRICS_NAMESPACE'),
  };
}

// --- internal ---

/** What an asynchronous endpoint may send: 1 GB. */
const ASYNCHRONOUS_MB = 1024;

/** A day; no call of the platform lasts longer than an hour. */
const MAX_TIMEOUT_SECONDS = 86_400;

function readBadRecords(variables: NodeJS.ProcessEnv, name: string): ServingSettings['badRecords'] {
  const text = textOf(variables, name) ?? 'refuse';
  if (text === 'placeholder' || text === 'refuse') return text === 'placeholder' ? text : undefined;
  throw new PlatformError('E_ENVIRONMENT', `Variable ${name} must be refuse or placeholder; received "${text}".`);
}

function readLogFormat(variables: NodeJS.ProcessEnv, name: string): LogFormat {
  const text = textOf(variables, name) ?? 'text';
  if (text === 'text' || text === 'json') return text;
  throw new PlatformError('E_ENVIRONMENT', `Variable ${name} must be text or json; received "${text}".`);
}

/** By CloudWatch's rules (API PutMetricData); names that begin with AWS/ are its own. */
function readNamespace(variables: NodeJS.ProcessEnv, name: string): string | undefined {
  const text = textOf(variables, name);
  if (text === undefined || /^(?!AWS\/)(?!:)[\w./#:-]{1,255}$/.test(text)) return text;
  throw new PlatformError(
    'E_ENVIRONMENT',
    `Variable ${name} must be 1 to 255 letters, digits or any of ._-/#:, not beginning with AWS/ or a colon; received "${text}".`,
  );
}
