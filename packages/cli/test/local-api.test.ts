import { devNull } from 'node:os';
import { expect, it } from 'vitest';
import { localVariables } from '../src/local-api.js';

it("leaves out all of the shell's settings for AWS's clients, and keeps its other variables", async () => {
  const client = { url: 'http://127.0.0.1:8080', region: 'eu-central-1', dataFolder: '/data', proxy: false };
  const own = {
    PATH: '/bin',
    AWS_PROFILE: 'work',
    AWS_DEFAULT_PROFILE: 'work',
    AWS_SESSION_TOKEN: 'secret',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    AWS_CONFIG_FILE: '/home/me/config',
  };

  const variables = await localVariables(client, own);

  const { PATH, ...aws } = Object.fromEntries(
    Object.entries(variables).filter(([name]) => name.toLowerCase() !== 'no_proxy'),
  );
  expect(PATH).toBe('/bin');
  expect(aws).toEqual({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:8080',
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  });
});
