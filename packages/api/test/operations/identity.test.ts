import { describe, expect, it } from 'vitest';
import type { ApiOptions } from '../../src/index.js';
import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { openScene } from '../support/scene.js';

const ANY_ROLE = 'every role is there';
const READS = 'it reads';
const ONE = 'one answer';

/** A service of the query protocol: lists are members with numbers, answers are XML. */
const opener =
  (
    service: string,
    made: readonly (readonly [operation: string, input: object])[] = [],
    options: Partial<ApiOptions> = {},
  ) =>
  async (): Promise<MatrixCall> => {
    const { api } = await openScene(options);
    const scope = `key/20260102/us-east-1/${service}/aws4_request`;
    const headers = { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
    const call: MatrixCall = async (operation, input) => {
      const members = Object.entries(input).flatMap(([name, value]): [string, string][] =>
        Array.isArray(value) ? value.map((item, i) => [`${name}.member.${i + 1}`, item]) : [[name, value]],
      );
      const body = new URLSearchParams([['Action', operation], ...members]);
      const response = await fetch(api.url, { method: 'POST', headers, body });
      const text = await response.text();
      return { status: response.status, code: /<Code>([^<]*)</.exec(text)?.[1], body: text };
    };
    for (const [operation, input] of made) await call(operation, input);
    return call;
  };

const row = (right: object) => ({ right, missing: ANY_ROLE, conflict: READS, paged: ONE });
const RoleName = 'SageMakerRole';
const AssumeRolePolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
const policy = { RoleName: 'made', PolicyName: 'read' };
const PolicyDocument = AssumeRolePolicyDocument;
const NO_ROLE = { RoleName: 'unmade' };

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
    open: opener('iam', [
      ['CreateRole', { RoleName: 'made', AssumeRolePolicyDocument }],
      ['PutRolePolicy', { ...policy, PolicyDocument }],
      ['CreateRole', { RoleName: 'bare', AssumeRolePolicyDocument }],
    ]),
    invalid: ['ValidationError', 'ValidationError'],
    rows: {
      CreateRole: {
        ...row({ RoleName: 'new', AssumeRolePolicyDocument }),
        missing: [{ RoleName: 'new', AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocument'],
        conflict: [{ RoleName: 'made', AssumeRolePolicyDocument }, 'EntityAlreadyExists'],
      },
      DeleteRole: {
        ...row({ RoleName: 'bare' }),
        missing: [NO_ROLE, 'NoSuchEntity'],
        conflict: [{ RoleName: 'made' }, 'DeleteConflict'],
      },
      PutRolePolicy: row({ ...policy, PolicyDocument }),
      GetRolePolicy: { ...row(policy), missing: [{ ...policy, PolicyName: 'none' }, 'NoSuchEntity'] },
      DeleteRolePolicy: { ...row(policy), missing: [{ ...policy, PolicyName: 'none' }, 'NoSuchEntity'] },
      GetRole: row({ RoleName }),
      ListAttachedRolePolicies: row({ RoleName }),
      ListRolePolicies: row({ RoleName }),
      SimulatePrincipalPolicy: row({
        PolicySourceArn: 'arn:aws:iam::000000000000:role/any',
        ActionNames: ['s3:GetObject', 'sts:AssumeRole'],
      }),
    },
  });

  it('a role that nobody made takes policies, and stays as it was otherwise', async () => {
    const call = await opener('iam')();
    const own = { RoleName, PolicyName: 'own' };
    const before = await call('GetRole', { RoleName });

    const put = await call('PutRolePolicy', { ...own, PolicyDocument });

    expect(put.status).toBe(200);
    expect((await call('GetRolePolicy', own)).body).toContain(encodeURIComponent(PolicyDocument));
    expect((await call('ListAttachedRolePolicies', { RoleName })).body).toContain('AmazonSageMakerFullAccess');
    expect(withoutId((await call('GetRole', { RoleName })).body)).toBe(withoutId(before.body));
    expect((await call('DeleteRolePolicy', own)).status).toBe(200);
    expect((await call('GetRolePolicy', own)).code).toBe('NoSuchEntity');
  });

  it('where only made roles are roles, any other takes no policy', async () => {
    const call = await opener('iam', [], { onlyMadeRoles: true })();

    const { status, code } = await call('PutRolePolicy', { ...policy, ...NO_ROLE, PolicyDocument });

    expect([status, code]).toEqual([404, 'NoSuchEntity']);
  });

  it.each(['GetRolePolicy', 'DeleteRolePolicy'])('%s finds no policy that each object inherits', async (operation) => {
    const call = await opener('iam', [['CreateRole', { RoleName: 'made', AssumeRolePolicyDocument }]])();

    for (const PolicyName of ['constructor', 'toString']) {
      expect([PolicyName, (await call(operation, { ...policy, PolicyName })).code]).toEqual([
        PolicyName,
        'NoSuchEntity',
      ]);
    }
  });
});

/** An answer without the ID of its request. */
function withoutId(body: unknown): string {
  return String(body).replace(/<RequestId>[^<]*</, '<RequestId><');
}
