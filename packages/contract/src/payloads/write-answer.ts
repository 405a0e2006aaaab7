/** The body of an answer of the algorithm's own: JSON held to its schema, or what its encoder makes. */
import { AlgorithmError } from '../errors.js';
import type { MediaType } from '../formats/media-type.js';
import { checkBySchema } from './check-schema.js';
import type { AnswerDefinition } from './definition.js';

/**
 * @param value what `predict` returned
 * @param accept the answer's type with the caller's parameters
 * @throws AlgorithmError E_ALGORITHM for a value that breaks the schema, or a body that is none; what `encode` throws
 */
export async function writeAnswer(value: unknown, accept: MediaType, answer: AnswerDefinition): Promise<Buffer> {
  if ('schema' in answer) {
    const checked = await checkBySchema(answer.schema, value, 'the answer');
    if ('value' in checked) return Buffer.from(JSON.stringify(checked.value) ?? 'null');
    throw new AlgorithmError('E_ALGORITHM', `predict: ${checked.problem}`);
  }
  const body: unknown = await answer.encode(value as never, { parameters: accept.parameters });
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new AlgorithmError(
    'E_ALGORITHM',
    `encode of ${accept.type} must return bytes or text; received ${typeof body}.`,
  );
}
