import { readdirSync } from 'node:fs';
import { Agent, get, type IncomingMessage, Server } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ChangeEvent, OutputPage } from '../../src/console/answers.js';
import { hasEnded, openScene, type Scene, trainingJob } from '../support/scene.js';

const HTML = { Accept: 'text/html,application/xhtml+xml' };

/** The events of a stream, one after the other. */
async function* eventsOf(url: string, signal: AbortSignal): AsyncGenerator<{ event: string; data: unknown }> {
  const response = await fetch(`${url}/_console/events`, { signal });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const messages = text.split('\n\n');
    text = messages.pop()!;
    for (const message of messages) {
      const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(message) ?? [];
      yield { event, data: JSON.parse(data) };
    }
  }
}

async function runJob({ call, put, until }: Scene, name: string): Promise<void> {
  put({ 'train/a.csv': '1,2\n3,4\n' });
  await call('CreateTrainingJob', trainingJob(name));
  await until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded);
}

function askOutput({ api }: Scene, query: Record<string, string>): Promise<Response> {
  const all = { group: '/aws/sagemaker/TrainingJobs', stream: 'job/', resource: 'job', ...query };
  return fetch(`${api.url}/_console/output?${new URLSearchParams(all)}`);
}

async function readOutput(scene: Scene, query: Record<string, string> = {}): Promise<OutputPage> {
  return (await (await askOutput(scene, query)).json()) as OutputPage;
}

describe('the page', () => {
  it('is what a browser gets at the root, and S3 is what its clients get there', async () => {
    const { api } = await openScene();

    const page = await fetch(api.url, { headers: HTML });
    const buckets = await fetch(api.url);

    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('<script type="module" src="/_console/page.js">');
    expect(await buckets.text()).toContain('<ListAllMyBucketsResult');
  });

  it('may use code, styles and answers of its own server alone, in all its files', async () => {
    const { api } = await openScene();
    const names = readdirSync(join(import.meta.dirname, '..', '..', 'dist', 'page')).filter(
      (name) => !/json$/.test(name),
    );

    const answers = await Promise.all(names.map((name) => fetch(`${api.url}/_console/${name}`)));

    expect(names).toEqual(expect.arrayContaining(['index.html', 'page.js', 'page.css', 'icon.svg']));
    for (const { status, headers } of answers) {
      expect(status).toBe(200);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each(['/_console/', '/_console/../package.json', '/_console/%2e%2e/index.js', '/_console/constructor'])(
    'has no other files: %s',
    async (path) => {
      const { api } = await openScene();

      expect((await fetch(`${api.url}${path}`)).status).not.toBe(200);
    },
  );

  it('is refused to a foreign page, and asked by GET only', async () => {
    const { api } = await openScene();

    const foreign = await fetch(`${api.url}/_console/events`, { headers: { Origin: 'https://evil.example' } });
    const posted = await fetch(`${api.url}/_console/output`, { method: 'POST', body: '' });

    expect([foreign.status, posted.status]).toEqual([403, 405]);
  });

  it('is the only thing that may run in a browser: an object that is HTML is shown without its script', async () => {
    const { api, put } = await openScene();
    put({ 'evil.html': '<script>alert(1)</script>' });

    const object = await fetch(`${api.url}/data/evil.html`, { headers: { ...HTML, 'Sec-Fetch-Dest': 'document' } });

    expect(object.status).toBe(200);
    expect(object.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });
});

describe('events', () => {
  it('are first all resources, then what changes, is removed, or logs', async () => {
    const scene = await openScene();
    await runJob(scene, 'job');
    const leaving = new AbortController();
    const events = eventsOf(scene.api.url, leaving.signal);

    const first = (await events.next()).value;
    await scene.call('CreateTrainingJob', trainingJob('other'));
    const statuses = new Set<string>();
    const logs = new Set<string>();
    for await (const { data } of events) {
      const changes = data as ChangeEvent;
      for (const row of changes.rows) statuses.add(row.status);
      for (const log of changes.logs) logs.add(`${log.group} ${log.stream.replace(/-\d+$/, '')}`);
      if (changes.removed.length > 0) break;
      if (changes.rows.some(({ status }) => status === 'Completed')) {
        await scene.call('DeleteTrainingJob', { TrainingJobName: 'other' });
      }
    }
    leaving.abort();

    expect(first).toMatchObject({
      event: 'snapshot',
      data: [
        { kind: 'training-job', name: 'job', status: 'Completed', phase: 'Completed', source: expect.any(String) },
      ],
    });
    expect([...statuses]).toEqual(['InProgress', 'Completed']);
    expect([...logs]).toEqual(['/aws/sagemaker/TrainingJobs other/algo-1']);
  });

  it('end when the server does', async () => {
    const scene = await openScene();
    const events = eventsOf(scene.api.url, new AbortController().signal);
    await events.next();

    await scene.api.close();

    expect((await events.next()).done).toBe(true);
  });

  it('end with their connections when the server does, which a client would keep for its next request', async () => {
    const { api } = await openScene();
    const forced = vi.spyOn(Server.prototype, 'closeAllConnections');
    onTestFinished(() => forced.mockRestore());
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const response = await new Promise<IncomingMessage>((resolve) =>
      get(`${api.url}/_console/events`, { agent }, resolve),
    );
    response.resume();

    await api.close();

    expect(forced).not.toHaveBeenCalled(); // as of connections that stay open
  });
});

describe('output', () => {
  it('is what came after the last line and value that a page has', async () => {
    const scene = await openScene();
    await runJob(scene, 'job');
    await runJob(scene, 'job-2');

    const all = await readOutput(scene);
    const rest = await readOutput(scene, { line: String(all.lines[0]![0]), value: String(all.values[0]![0]) });

    expect(all).toMatchObject({ values: [[expect.any(Number), 'train:sum', expect.any(Number), 10]], isCut: false });
    expect(all.lines.length).toBeGreaterThan(1);
    expect(rest).toEqual({ ...all, lines: all.lines.slice(1), values: [] });
  });

  it('is saved as plain text', async () => {
    const scene = await openScene();
    await runJob(scene, 'job');
    const { lines } = await readOutput(scene);

    const query = new URLSearchParams({ group: '/aws/sagemaker/TrainingJobs', stream: 'job/' });
    const saved = await fetch(`${scene.api.url}/_console/log.txt?${query}`);

    expect(await saved.text()).toBe(lines.map(([, , text]) => `${text}\n`).join(''));
    expect(saved.headers.get('content-disposition')).toBe('attachment; filename="job.txt"');
  });

  it.each(['-1', '1.5', 'x', '1e3'])('after "%s" is refused: it must be an integer', async (line) => {
    const scene = await openScene();

    const answer = await askOutput(scene, { line });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: `line must be an integer from 0; received "${line}".` });
  });
});
