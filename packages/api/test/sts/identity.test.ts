import { expect, it } from 'vitest';
import { openScene } from '../support/scene.js';

const textOf = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

/** Asks a service of the query protocol, as clients write a form. */
async function openQuery() {
  const { api } = await openScene();
  return async (service: string, parameters: Record<string, string>, token?: string) => {
    const scope = `key/20260102/us-east-1/${service}/aws4_request`;
    const answer = await fetch(api.url, {
      method: 'POST',
      body: new URLSearchParams(parameters),
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        ...(token !== undefined && { 'x-amz-security-token': token }),
      },
    });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
}

it('the caller is an assumed role, whose name IAM finds', async () => {
  const ask = await openQuery();

  const caller = await ask('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' });
  const role = await ask('iam', { Action: 'GetRole', RoleName: 'SageMakerRole' });

  expect(caller).toMatchObject({ status: 200, type: 'text/xml' });
  expect(textOf(caller.text, 'Account')).toBe('000000000000');
  expect(textOf(caller.text, 'Arn')).toBe('arn:aws:sts::000000000000:assumed-role/SageMakerRole/local');
  expect(textOf(caller.text, 'RequestId')).toMatch(/^[0-9a-f-]{36}$/);
  expect(textOf(role.text, 'Arn')).toBe('arn:aws:iam::000000000000:role/SageMakerRole');
  expect(textOf(caller.text, 'UserId')).toBe(`${textOf(role.text, 'RoleId')}:local`);
  expect(textOf(role.text, 'CreateDate')).toBe('2024-01-01T00:00:00.000Z');
  expect(JSON.parse(decodeURIComponent(textOf(role.text, 'AssumeRolePolicyDocument')!))).toMatchObject({
    Version: '2012-10-17',
  });
});

it('who assumes a role is that role, with its credentials', async () => {
  const ask = await openQuery();
  const RoleArn = 'arn:aws:iam::123456789012:role/service-role/Runner';

  const assumed = await ask('sts', { Action: 'AssumeRole', RoleArn, RoleSessionName: 'me', DurationSeconds: '900' });
  const token = textOf(assumed.text, 'SessionToken')!;
  const caller = await ask('sts', { Action: 'GetCallerIdentity' }, token);
  const renewed = await ask('sts', { Action: 'GetSessionToken' }, token);
  const foreign = await ask('sts', { Action: 'GetCallerIdentity' }, 'algo-!');

  expect(textOf(assumed.text, 'AccessKeyId')).toMatch(/^ASIA[0-9A-F]{16}$/);
  expect(textOf(caller.text, 'Arn')).toBe('arn:aws:sts::123456789012:assumed-role/Runner/me');
  expect(textOf(renewed.text, 'SessionToken')).toBe(token);
  expect(textOf(foreign.text, 'Arn')).toContain('SageMakerRole/local');
});

it('a role of the console is in its path, and may do everything', async () => {
  const ask = await openQuery();
  const RoleName = 'AmazonSageMaker-ExecutionRole-20260102';

  const role = await ask('iam', { Action: 'GetRole', RoleName });
  const policies = await ask('iam', { Action: 'ListAttachedRolePolicies', RoleName });
  const simulated = await ask('iam', {
    ...{ Action: 'SimulatePrincipalPolicy', PolicySourceArn: textOf(role.text, 'Arn')! },
    ...{
      'ActionNames.member.1': 's3:GetObject',
      'ActionNames.member.2': 'sts:AssumeRole',
      'ResourceArns.member.1': 'arn:aws:s3:::b',
    },
  });

  expect(textOf(role.text, 'Arn')).toBe(`arn:aws:iam::000000000000:role/service-role/${RoleName}`);
  expect(textOf(policies.text, 'PolicyName')).toBe('AmazonSageMakerFullAccess');
  expect(
    [...simulated.text.matchAll(/<EvalActionName>([^<]*)<.*?<EvalDecision>([^<]*)</g)].map(([, ...found]) => found),
  ).toEqual([
    ['s3:GetObject', 'allowed'],
    ['sts:AssumeRole', 'allowed'],
  ]);
});

it.each([
  ['sts', { Action: 'DecodeAuthorizationMessage' }, 'InvalidAction'],
  ['sts', { Action: 'AssumeRole', RoleArn: 'arn:aws:iam::123456789012:role/x' }, 'ValidationError'],
  ['sts', { Action: 'AssumeRole', RoleArn: 'a-role-that-is-no-arn', RoleSessionName: 'me' }, 'ValidationError'],
  [
    'sts',
    {
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::123456789012:role/x',
      RoleSessionName: 'me',
      DurationSeconds: 'long',
    },
    'ValidationError',
  ],
  ['iam', { Action: 'GetRole', RoleName: 'a/b' }, 'ValidationError'],
  ['iam', { Action: 'GetRole', RoleName: 'a', Other: 'b' }, 'ValidationError'],
])('%s refuses %o', async (service, parameters, code) => {
  const ask = await openQuery();

  const { status, text } = await ask(service, parameters as unknown as Record<string, string>);

  expect(status).toBe(400);
  expect(textOf(text, 'Code')).toBe(code);
});
