/** What a server answers to GET /execution-parameters. Numbers may come as text. */
import { z } from 'zod';

const BATCH_STRATEGIES = ['MULTI_RECORD', 'SINGLE_RECORD', 'MultiRecord', 'SingleRecord'] as const;

export interface ExecutionAnswer {
  readonly MaxConcurrentTransforms?: number | undefined;
  readonly BatchStrategy?: (typeof BATCH_STRATEGIES)[number] | undefined;
  readonly MaxPayloadInMB?: number | undefined;
}

/** @throws Error that names each value that is not as it must be */
export function parseAnswer(text: string, maxPayloadInMB: number): ExecutionAnswer {
  const schema = z.looseObject({
    MaxConcurrentTransforms: z.coerce.number().int().min(0).optional(),
    BatchStrategy: z.enum(BATCH_STRATEGIES).optional(),
    MaxPayloadInMB: z.coerce.number().int().min(0).max(maxPayloadInMB).optional(),
  });
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}

// --- internal ---

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema's message says what is wrong
  }
}
