import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import type { Message } from '../../src/conversation/wire-message.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { openModel } from '../../src/testing/invoke.js';
import { webSocket } from '../../src/web-socket.js';
import { sumAlgorithm } from '../serve/sum-algorithm.js';

const DEFINITION = { description: 'A number in each text.', protocol: webSocket };
const MODEL = { files: { 'model.json': '{"factor":10}' }, featureCount: 1 };

async function* product(factor: unknown, messages: AsyncIterable<Message>, { query }: { query: URLSearchParams }) {
  for await (const message of messages) {
    yield { part: query.get('unit') ?? '', isLast: false };
    yield { part: String(Number(factor) * Number(message)), isLast: true };
  }
}

describe('a conversation', () => {
  it('is in what describe prints', () => {
    const described = describeAlgorithm(sumAlgorithm({ conversation: DEFINITION, converse: product }));

    expect(described.Capabilities.Conversation).toEqual({
      Description: 'A number in each text.',
      MaxMessageBytes: 1024 * 1024,
    });
    expect(describeAlgorithm(sumAlgorithm()).Capabilities).not.toHaveProperty('Conversation');
  });

  it.each<[Partial<Algorithm>, string]>([
    [{ converse: product }, 'With converse there must be a conversation'],
    [{ conversation: DEFINITION }, 'With conversation there must be converse'],
    [{ conversation: { ...DEFINITION, description: '' }, converse: product }, 'the description must say'],
    [{ conversation: { ...DEFINITION, maxMessageBytes: 2 ** 25 }, converse: product }, 'received 33554432'],
  ])('needs both its description and its function, and a limit that can be kept: %o', (parts, problem) => {
    expect(() => describeAlgorithm(sumAlgorithm(parts))).toThrow(problem);
  });

  it('is held in memory for tests, parts of a message together, and ends with its last message or its loop', async () => {
    const invoke = await openModel(sumAlgorithm({ conversation: DEFINITION, converse: product }), MODEL);
    const said: Message[] = [];
    for await (const message of invoke.converse(['1', '2'], { query: 'unit=x' })) said.push(message);
    for await (const message of invoke.converse(['3', 'never taken'])) {
      said.push(message);
      break;
    }
    await invoke.close();

    expect(said).toEqual(['x10', 'x20', '30']);
  });

  it('in memory of an algorithm without conversations is refused', async () => {
    const invoke = await openModel(sumAlgorithm(), MODEL);

    await expect(invoke.converse([])[Symbol.asyncIterator]().next()).rejects.toThrow('must declare a conversation');
    await invoke.close();
  });
});
