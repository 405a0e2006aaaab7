/** Sample requests with the answers that the validated model gave. */
import { readFileSync } from 'node:fs';
import { mediaTypeOf } from '@algo/local';
import { type Content, html } from '../page/html.js';
import { count, formatBytes } from '../page/numbers.js';
import { leftOut, type Section } from '../page/section.js';
import type { ValidationRecord } from '../record.js';

/** Samples that are seen without opening the rest: first one of each type of request. */
const SHOWN = 4;
/** Of a body; more is cut. */
const SHOWN_CHARS = 1200;
const SHOWN_IMAGE_BYTES = 50_000;

export function sampleSection(record: ValidationRecord): Section {
  const { realTime } = record.profile;
  const seen = new Set<string>();
  const kinds = realTime.filter(({ contentType, accept }) => {
    const kind = `${mediaTypeOf(contentType)} ${accept}`;
    return !seen.has(kind) && seen.add(kind);
  });
  const types = kinds.map(({ contentType }) => mediaTypeOf(contentType));
  const isFirst = kinds.map((_, i) => types.indexOf(types[i]!) === i);
  const chosen = [...kinds.filter((_, i) => isFirst[i]), ...kinds.filter((_, i) => !isFirst[i])];
  const body =
    chosen.length === 0
      ? leftOut('the validation profile has no real-time samples.')
      : html`<p>Real requests to <code>/invocations</code> of the validation with their answers, one of each combination of types.</p>
${chosen.slice(0, SHOWN).map((sample) => pair(record, sample))}
${
  chosen.length > SHOWN &&
  html`<details><summary>${count(chosen.length - SHOWN, 'more sample')}</summary>${chosen.slice(SHOWN).map((sample) => pair(record, sample))}</details>`
}`;
  return { id: 'samples', title: 'Sample requests and answers', body };
}

// --- internal ---

type Sample = ValidationRecord['profile']['realTime'][number];

function pair(record: ValidationRecord, { input, contentType, accept }: Sample): Content {
  const request = readFileSync(record.input(input));
  const answer = record.answer(input);
  return html`<h3><code>${input}</code></h3>
<div class="pair"><div><h4>Request, <code>Content-Type: ${contentType}</code></h4>
${bodyOf(request, contentType, `Request ${input}`)}</div>
<div><h4>Answer, <code>Accept: ${accept}</code></h4>
${answer ? bodyOf(answer, accept, `Answer to ${input}`) : leftOut('the validation did not ask for it.')}</div></div>
`;
}

function bodyOf(body: Buffer, contentType: string, name: string): Content {
  const type = mediaTypeOf(contentType);
  if (/^image\/(png|jpeg|gif|webp)$/.test(type) && body.length <= SHOWN_IMAGE_BYTES) {
    return html`<img src="data:${type};base64,${body.toString('base64')}" alt="${name}, an image of ${formatBytes(body.length)}">`;
  }
  const text = decode(body);
  if (text === undefined) return html`<p>${formatBytes(body.length)} that are no text.</p>`;
  const shown = text.length <= SHOWN_CHARS ? text : text.slice(0, SHOWN_CHARS);
  return html`<pre class="wrap" tabindex="0" role="region" aria-label="${name}">${shown}</pre>${
    shown !== text && html`<p class="quiet">The first ${SHOWN_CHARS} of ${text.length} characters.</p>`
  }`;
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body).replaceAll('\r\n', '\n').trimEnd();
  } catch {
    return undefined;
  }
}
