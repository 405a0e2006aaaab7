/** POST /invocations: what a model is asked for, in the forms that clients ask. */
import { mediaTypeOf } from '@algo/local';
import type { Rule } from '../rule.js';
import { hold, need } from '../verdict.js';
import { describe, expectSame, isClientError, tryVariant } from './answers.js';
import { PAGES } from './pages.js';

export const INVOCATION_RULES: readonly Rule[] = [
  {
    id: 'invocations.answers',
    rule: 'Each sample request is answered with 200 and a body.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const { requests } = lab.profile;
      need(requests.length > 0, 'the profile has no requests');
      const server = await lab.server();
      for (const request of requests) {
        const answer = await server.invoke(request);
        hold(
          answer.status === 200 && answer.body.length > 0,
          () => `${request.name}, ${request.contentType}: ${describe(answer)}`,
        );
      }
      return `${requests.length} sample requests`;
    },
  },
  {
    id: 'invocations.media-type-parameters',
    rule: 'Parameters of a content type, such as charset=utf-8, change nothing that they do not concern.',
    source: 'aws/sagemaker-xgboost-container#74',
    severity: 'should',
    async check(lab) {
      const sample = lab.sample();
      const contentType = `${sample.contentType}; charset=utf-8`;
      const { answer, baseline } = await tryVariant(lab, sample, { contentType });
      expectSame(answer, baseline, contentType);
      return contentType;
    },
  },
  {
    id: 'invocations.media-type-case',
    rule: 'Content types are the same in small and capital letters.',
    source: `${PAGES.http} section 8.3.1`,
    severity: 'should',
    async check(lab) {
      const sample = lab.sample();
      const contentType = sample.contentType.replace(/^[^;]*/, (type) => type.toUpperCase());
      const { answer, baseline } = await tryVariant(lab, sample, { contentType });
      expectSame(answer, baseline, contentType);
      return contentType;
    },
  },
  {
    id: 'invocations.accept-any',
    rule: 'Accept: */* is answered in a type of the container’s choice.',
    source: PAGES.invoke,
    severity: 'must',
    async check(lab) {
      const { answer } = await tryVariant(lab, lab.sample(), { accept: '*/*' });
      hold(answer.status === 200, () => describe(answer));
      return `${answer.headers['content-type']}`;
    },
  },
  {
    id: 'invocations.no-accept',
    rule: 'A request without Accept is answered.',
    source: PAGES.invoke,
    severity: 'must',
    async check(lab) {
      const { answer } = await tryVariant(lab, lab.sample(), { accept: undefined });
      hold(answer.status === 200, () => describe(answer));
      return `${answer.headers['content-type']}`;
    },
  },
  {
    id: 'invocations.accept-list',
    rule: 'Of several types in Accept, one that the container has is chosen.',
    source: `${PAGES.http} section 12.5.1`,
    severity: 'should',
    async check(lab) {
      const accept = `${UNKNOWN_TYPE}, ${lab.sample().accept ?? '*/*'};q=0.5, */*;q=0.1`;
      const { answer } = await tryVariant(lab, lab.sample(), { accept });
      hold(answer.status === 200, () => `Accept: ${accept}: ${describe(answer)}`);
      return `Accept: ${accept}: ${answer.headers['content-type']}`;
    },
  },
  {
    id: 'invocations.unknown-accept',
    rule: 'An Accept with no type that the container has is answered with 406.',
    source: `${PAGES.http} section 15.5.7`,
    severity: 'should',
    async check(lab) {
      const { answer } = await tryVariant(lab, lab.sample(), { accept: UNKNOWN_TYPE });
      hold(answer.status === 406, () => `Accept: ${UNKNOWN_TYPE}: ${describe(answer)}`);
      return describe(answer);
    },
  },
  {
    id: 'invocations.unknown-content-type',
    rule: 'A content type that the container does not know is answered with 415.',
    source: `${PAGES.http} section 15.5.16`,
    severity: 'should',
    async check(lab) {
      const { answer } = await tryVariant(lab, lab.sample(), { contentType: UNKNOWN_TYPE });
      hold(answer.status === 415, () => `Content-Type: ${UNKNOWN_TYPE}: ${describe(answer)}`);
      return describe(answer);
    },
  },
  {
    id: 'invocations.empty-body',
    rule: 'An empty body is answered with 204 or a status of 400 to 499.',
    source: 'aws/sagemaker-inference-toolkit',
    severity: 'should',
    async check(lab) {
      const { answer } = await tryVariant(lab, lab.sample(), { body: Buffer.alloc(0) });
      hold(answer.status === 204 || isClientError(answer), () => describe(answer));
      return describe(answer);
    },
  },
  {
    id: 'invocations.content-type',
    rule: 'An answer has the content type that Accept asks for.',
    source: PAGES.invoke,
    severity: 'must',
    async check(lab) {
      const { requests } = lab.profile;
      need(requests.length > 0, 'the profile has no requests');
      for (const request of requests) {
        const { headers } = await lab.baseline(request);
        const type = headers['content-type'];
        hold(type !== undefined && type !== '', `${request.name}: there is no Content-Type`);
        const { accept } = request;
        const isAsked = accept === undefined || /[*,]/.test(accept) || mediaTypeOf(accept) === mediaTypeOf(type);
        hold(isAsked, `${request.name}: Accept: ${accept}, answered with Content-Type: ${type}`);
      }
      return `${requests.length} answers`;
    },
  },
];

/** No model has it. */
export const UNKNOWN_TYPE = 'application/x-conformance-unknown';
