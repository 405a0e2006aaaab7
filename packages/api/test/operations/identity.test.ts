import { describe } from 'vitest';
import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { openScene } from '../support/scene.js';

const ANY_ROLE = 'every role is there';
const READS = 'it reads';
const ONE = 'one answer';

/** A service of the query protocol: lists are members with numbers, answers are XML. */
const opener = (service: string) => async (): Promise<MatrixCall> => {
  const { api } = await openScene();
  const scope = `key/20260102/us-east-1/${service}/aws4_request`;
  const headers = { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
  return async (operation, input) => {
    const members = Object.entries(input).flatMap(([name, value]): [string, string][] =>
      Array.isArray(value) ? value.map((item, i) => [`${name}.member.${i + 1}`, item]) : [[name, value]],
    );
    const body = new URLSearchParams([['Action', operation], ...members]);
    const response = await fetch(api.url, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, code: /<Code>([^<]*)</.exec(text)?.[1], body: text };
  };
};

const row = (right: object) => ({ right, missing: ANY_ROLE, conflict: READS, paged: ONE });
const RoleName = 'SageMakerRole';

describe('sts', () => {
  checkMatrix({
    model: 'sts',
    open: opener('sts'),
    invalid: ['ValidationError', 'ValidationError'],
    rows: {
      AssumeRole: row({ RoleArn: 'arn:aws:iam::000000000000:role/any', RoleSessionName: 'me' }),
      GetCallerIdentity: row({}),
      GetSessionToken: row({}),
    },
  });
});

describe('iam', () => {
  checkMatrix({
    model: 'iam',
    open: opener('iam'),
    invalid: ['ValidationError', 'ValidationError'],
    rows: {
      GetRole: row({ RoleName }),
      ListAttachedRolePolicies: row({ RoleName }),
      ListRolePolicies: row({ RoleName }),
      SimulatePrincipalPolicy: row({
        PolicySourceArn: 'arn:aws:iam::000000000000:role/any',
        ActionNames: ['s3:GetObject', 'sts:AssumeRole'],
      }),
    },
  });
});
