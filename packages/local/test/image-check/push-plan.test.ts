import { expect, it } from 'vitest';
import { planPush } from '../../src/index.js';

const request = {
  engine: { name: 'podman', version: '5' },
  image: 'localhost/sum:latest',
  version: '1.2.3',
  account: '123456789012',
  region: 'eu-west-1',
} as const;

it('a push plan tags, pushes and scans the version under the image’s own name, as one Docker manifest', () => {
  const remote = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/sum:1.2.3';

  const plan = planPush(request);

  expect(plan[2]).toBe(`podman tag localhost/sum:latest ${remote}`);
  expect(plan[3]).toBe(`podman push --format v2s2 ${remote}`);
  expect(plan[4]).toMatch(
    /^aws ecr describe-images .*imageTag=1\.2\.3 --query 'imageDetails\[\]\.imageManifestMediaType'$/,
  );
  expect(plan[0]).toMatch(/--repository-name sum --image-tag-mutability IMMUTABLE .*scanOnPush=true$/);
});

it.each([
  [{ account: '1234' }, /account must be 12 digits; received "1234"/],
  [{ region: 'Ireland' }, /Region must be/],
  [{ repository: 'Sum' }, /repository must be lower-case/],
  [{ version: '1.0; rm -rf ~' }, /version must be a tag: .*; received "1.0; rm -rf ~"/],
  [{ version: '-1' }, /version must be a tag/],
  [{ image: '$(id)' }, /An image must be .*; received "\$\(id\)"/],
])('a push plan is refused for %j', (change, message) => {
  expect(() => planPush({ ...request, ...change })).toThrow(message);
});
