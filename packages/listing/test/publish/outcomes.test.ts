/** What ends a publishing before a resource is made, and what it says then. */
import { expect, it } from 'vitest';
import { publish } from '../../src/publish/publish.js';
import { tryOnSageMaker } from '../../src/publish/try-alone.js';
import { openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { answering, expired } from '../support/faults.js';
import { snapshotOf } from '../support/snapshot.js';

const SCAN = 'ECRClient DescribeImageScanFindings';
const finding = (severity: string) => ({
  imageScanStatus: { status: 'COMPLETE' },
  imageScanFindings: {
    findingSeverityCounts: { [severity]: 1 },
    findings: [
      {
        ...{ name: 'CVE-2026-1', severity },
        attributes: [
          { key: 'package_name', value: 'zlib' },
          { key: 'package_version', value: '1.2' },
        ],
      },
    ],
  },
});
const failedScan = {
  imageScanStatus: {
    status: 'FAILED',
    description: 'UnsupportedImageError: The operating system and/or package manager are not supported.',
  },
};
const CONSOLE = 'https://us-east-1.console.aws.amazon.com/ecr/repositories/private/000000000000/sum?region=us-east-1';

it('ends at a Critical finding, which is printed with its package and the console, unless a person accepts it', async () => {
  const account = await openAccount();
  const lines: string[] = [];
  const around = answering((call) => (call === SCAN ? finding('CRITICAL') : undefined));
  const request = account.request({ around, hasNoTrial: true, onLine: (line) => lines.push(line) });

  const refused = publish(request, APPLY);
  await expect(refused).rejects.toThrow(/^image scan: AWS Marketplace takes no image.*CVE-2026-1/);
  await expect(refused).rejects.toThrow(CONSOLE);
  const accepted = await publish({ ...request, acceptedFindings: ['CVE-2026-1'] }, { ...APPLY, only: 'image scan' });

  expect(lines.filter((line) => line.startsWith('  '))).toEqual(['  CRITICAL CVE-2026-1 zlib 1.2']);
  expect((await snapshotOf(account.request())).algorithms).toEqual({});
  expect(accepted[0]).toMatchObject({ state: 'done before', text: 'the scan found 1 CRITICAL' });
});

it('suggests an image on all of Debian where Amazon cannot read this one', async () => {
  const account = await openAccount();
  const around = answering((call) => (call === SCAN ? failedScan : undefined));

  const refused = publish(account.request({ around, hasNoTrial: true }), APPLY);

  await expect(refused).rejects.toThrow('algo image build NAME --system full');
  expect((await snapshotOf(account.request())).algorithms).toEqual({});
});

it.each(['LIMIT_EXCEEDED', 'SCAN_ELIGIBILITY_EXPIRED', 'IMAGE_ARCHIVED'])(
  'ends at a scan that is %s',
  async (status) => {
    const account = await openAccount();
    const around = answering((call) => (call === SCAN ? { imageScanStatus: { status } } : undefined));

    const refused = publish(account.request({ around }), { ...APPLY, only: 'image scan' });

    await expect(refused).rejects.toThrow(`image scan: ECR could not scan the image: ${status}\nSee ${CONSOLE}`);
  },
);

it('says what to do about expired credentials, and refuses those of another account', async () => {
  const account = await openAccount();

  const unauthorized = publish(account.request({ around: expired({ times: 1 }).around() }), APPLY);
  await expect(unauthorized).rejects.toThrow(/^credentials: ExpiredTokenException.*\nThe credentials have expired/);
  const foreign = publish({ ...account.request(), seller: { account: '123456789012' } }, APPLY);

  await expect(foreign).rejects.toThrow('--account must be that of the credentials, 000000000000');
});

it('says what to do about credentials that expire in a trial alone, and that the removal failed too', async () => {
  const account = await openAccount();
  const lines: string[] = [];
  const { around } = expired({ times: 1, isFor: (call) => call === 'IAMClient CreateRole' });
  const request = account.request({ around: around(), onLine: (line) => lines.push(line) });

  const trial = tryOnSageMaker(request, () => undefined);

  await expect(trial).rejects.toThrow(/^trial: validation role: ExpiredTokenException.*\nThe credentials have expired/);
  expect(lines.at(-1)).toMatch(/^removal: ExpiredTokenException.*\nThe credentials have expired/);
});
