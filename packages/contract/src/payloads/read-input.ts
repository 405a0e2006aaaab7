/** The value of a request in an input of the algorithm's own: JSON by its schema, other bytes by its decoder. */
import { ClientError, ContractError, messageOf } from '../errors.js';
import type { MediaType } from '../formats/media-type.js';
import { isAllocationFailure } from '../out-of-memory.js';
import { checkJson, countKeys } from './check-json.js';
import { checkBySchema } from './check-schema.js';
import { decodedSize } from './decoded-size.js';
import type { DecodedInput, InputDefinition } from './definition.js';
import { checkJsonBounds } from './json-bounds.js';

/** Largest decoded value where the definition does not say. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * The value that `predict` gets.
 * @param body not empty
 * @throws ClientError E_REQUEST_BODY, E_REQUEST_SIZE, or what the decoder threw
 */
export async function readInput(body: Uint8Array, type: MediaType, input: InputDefinition): Promise<unknown> {
  if ('decode' in input) return decode(body, type, input);
  const checked = await checkBySchema(input.schema, parseJson(body), 'the body');
  if ('value' in checked) return checked.value;
  throw new ClientError('E_REQUEST_BODY', `request: ${checked.problem}`);
}

// --- internal ---

async function decode(
  body: Uint8Array,
  { type, parameters }: MediaType,
  { decode, maxBytes = DEFAULT_MAX_BYTES }: DecodedInput,
): Promise<unknown> {
  let value: unknown;
  try {
    value = await decode(body, { parameters, maxBytes });
  } catch (error) {
    if (error instanceof ContractError || isAllocationFailure(error)) throw error;
    const reason = messageOf(error).replace(/\.$/, '');
    throw new ClientError('E_REQUEST_BODY', `request: the body must be ${type}; it cannot be decoded: ${reason}.`, {
      cause: error,
    });
  }
  const bytes = decodedSize(value, maxBytes);
  if (bytes <= maxBytes) return value;
  throw new ClientError(
    'E_REQUEST_SIZE',
    `request: ${type} must take at most ${maxBytes} bytes once it is decoded; received more. Send a smaller one.`,
  );
}

function parseJson(body: Uint8Array): unknown {
  const keys = checkJsonBounds(body);
  let text: string;
  try {
    text = UTF8.decode(body);
  } catch (cause) {
    throw new ClientError('E_REQUEST_BODY', 'request: JSON must be UTF-8; the body has bytes that are not.', { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!isAllocationFailure(error)) checkJson(body);
    throw error;
  }
  if (keys > 0 && countKeys(value) !== keys) checkJson(body);
  return value;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
