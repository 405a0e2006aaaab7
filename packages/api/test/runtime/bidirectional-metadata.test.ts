/** The stream of metadata next to a bidirectional stream. */
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { openClient } from './bidirectional-client.js';
import { echo, start } from './bidirectional-server.js';

describe('a stream of metadata', () => {
  const SUPPORTED = 'X-Amzn-SageMaker-Metadata-Stream-Supported: true';
  const REQUIRED = 'X-Amzn-SageMaker-Metadata-Stream-Required: true';

  it('is opened where the container asks for it, with the id of the request, and its reports are in a log', async () => {
    const ids: unknown[] = [];
    const metering = (ConsumedUnits: unknown, ClientToken: string) =>
      JSON.stringify({ Metering: { Dimension: 'inference.count', ConsumedUnits, ClientToken } });
    let main: WebSocket | undefined;
    const { url, logged } = await start(
      (socket, { url: path, headers }) => {
        ids.push(headers['x-amzn-sagemaker-request-id']);
        if (path !== '/metering') {
          main = socket;
          return;
        }
        const reports = [
          metering(2, 'a'),
          metering(2, 'a'),
          'no JSON',
          metering(0, 'b'),
          metering('1', 'c'),
          metering(0.5, 'd'),
        ];
        for (const report of [...reports, metering(1, 'x'.repeat(500))]) socket.send(report);
        socket.send(Buffer.from(metering(7, 'e')));
        socket.on('close', () => main?.close(1000));
        socket.close(1000);
      },
      { headers: [SUPPORTED, 'X-Amzn-SageMaker-Metadata-Invocation-Path: /metering'] },
    );
    const client = openClient(url, 'end');

    expect(await client.next()).toBeUndefined();
    const id = (await client.head)['x-amzn-requestid'];
    expect(ids).toEqual([id, id]);
    expect(logged).toEqual(
      [2, 0.5].map((ConsumedUnits) => ({ RequestId: id, Dimension: 'inference.count', ConsumedUnits })),
    );
  });

  it('that breaks off does not end the stream, unless the container requires it', async () => {
    const converse = (socket: WebSocket, { url }: IncomingMessage) => {
      if (url?.includes('metadata')) socket.terminate();
      else echo(socket);
    };
    const free = await start(converse, { headers: [SUPPORTED] });
    const bound = await start(converse, { headers: [SUPPORTED, REQUIRED] });
    const client = openClient(free.url, 'end');
    client.say('hello');

    expect(await client.next()).toMatchObject({ text: 'hello' });
    expect(await openClient(bound.url, 'end').next()).toMatchObject({
      type: 'ModelStreamError',
      text: expect.stringContaining('requires a stream of metadata'),
    });
  });

  it('that cannot be opened is ModelError where the container requires it', async () => {
    const none = 'X-Amzn-SageMaker-Metadata-Invocation-Path: none';
    const free = await start(echo, { headers: [SUPPORTED, none] });
    const bound = await start(echo, { headers: [SUPPORTED, none, REQUIRED] });

    expect(await openClient(free.url, 'end').head).toMatchObject({ ':status': 200 });
    expect(await openClient(bound.url, 'end').head).toMatchObject({ ':status': 424, 'x-amzn-errortype': 'ModelError' });
  });
});
