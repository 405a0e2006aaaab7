/**
 * ECR's scan of an image. AWS Marketplace takes no image with a Critical or High finding, so the work ends there, before a
 * resource is made. Source: AWS Marketplace Seller Guide, "Requirements and best practices for creating ML products".
 */

import { JobError, messageOf } from '@algo/local';
import type { DescribeImageScanFindingsCommandOutput } from '@aws-sdk/client-ecr';
import { isMissing, nameOf } from '../aws-error.js';
import { consoleUrl, type PublishContext } from '../context.js';
import type { ProductImage } from '../images.js';
import type { Look, Step } from '../step.js';

/** What Amazon's scanner says of a system that it cannot read, in ECR and in SageMaker. */
export const UNSUPPORTED_IMAGE = /UnsupportedImage|operating system and\/or package manager/i;
export const FULL_SYSTEM_ADVICE =
  'Amazon cannot read the packages of this image. Build it on all of Debian: algo image build NAME --system full. Raise the version, since a tag stays.';

export function imageScanStep(context: PublishContext, image: ProductImage): Step {
  return {
    name: `${image.prefix}image scan`,
    makes: [],
    hours: [0, 1],
    async isDone(): Promise<Look> {
      const scan = await readScan(context, image);
      if (scan === 'no image') {
        if (image.local) return { isDone: false, text: 'ECR has no image yet' };
        return { isDone: true, isNeedless: true, text: 'no image is pushed, and ECR has none' };
      }
      if (scan === 'no scan') return { isDone: false, text: 'ECR has not scanned the image' };
      if (!isFinished(scan)) return { isDone: false, text: `the scan is ${scan.status}` };
      return { isDone: blockersOf(context, scan).length === 0, text: `the scan found ${countsText(scan)}` };
    },
    async do() {
      for (let isAsked = false; ; ) {
        const scan = await readScan(context, image);
        if (scan === 'no image') return 'ECR has no image to scan';
        if (scan === 'no scan') {
          if (!isAsked && !(await startScan(context, image)))
            return 'there is no scanner here; "algo image check" reads the packages';
          isAsked = true;
        } else if (isFinished(scan)) return checked(context, image, scan);
        else context.progress(`${image.prefix}image scan: ${scan.status}`);
        await context.pause();
      }
    },
  };
}

// --- internal ---

interface Scan {
  readonly status: string;
  readonly description: string;
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<string, number>>;
}

interface Finding {
  readonly name: string;
  readonly severity: string;
  readonly packages: string;
}

const BLOCKING = ['CRITICAL', 'HIGH'];
/** ACTIVE: enhanced scanning, which has a result and watches the image further. */
const FINISHED = ['COMPLETE', 'ACTIVE'];
const FAILED = [
  'FAILED',
  'UNSUPPORTED_IMAGE',
  'FINDINGS_UNAVAILABLE',
  'SCAN_ELIGIBILITY_EXPIRED',
  'LIMIT_EXCEEDED',
  'IMAGE_ARCHIVED',
];

async function readScan(
  { clients }: PublishContext,
  { repositoryName, imageTag }: ProductImage,
): Promise<Scan | 'no image' | 'no scan'> {
  const pages: DescribeImageScanFindingsCommandOutput[] = [];
  for (let nextToken: string | undefined; ; ) {
    try {
      const page = await clients.ecr.describeImageScanFindings({
        repositoryName,
        imageId: { imageTag },
        ...(nextToken !== undefined && { nextToken }),
      });
      pages.push(page);
      nextToken = page.nextToken;
    } catch (error) {
      if (nameOf(error) === 'ScanNotFoundException') return 'no scan';
      if (isMissing(error)) return 'no image';
      throw error;
    }
    if (nextToken === undefined) return scanOf(pages);
  }
}

function scanOf(pages: readonly DescribeImageScanFindingsCommandOutput[]): Scan {
  const { status = 'PENDING', description = '' } = pages[0]?.imageScanStatus ?? {};
  const found = pages.map(({ imageScanFindings }) => imageScanFindings);
  const basic = found.flatMap((page) => page?.findings ?? []);
  const enhanced = found.flatMap((page) => page?.enhancedFindings ?? []);
  return {
    ...{ status, description, counts: (found[0]?.findingSeverityCounts ?? {}) as Record<string, number> },
    findings: [
      ...basic.map(({ name = '', severity = '', attributes = [] }) => {
        const attribute = (key: string) => attributes.find((one) => one.key === key)?.value;
        const packages = [attribute('package_name'), attribute('package_version')].filter(Boolean).join(' ');
        return { name, severity, packages };
      }),
      ...enhanced.map(({ packageVulnerabilityDetails: details, title = '', severity = '' }) => ({
        ...{ name: details?.vulnerabilityId ?? title, severity },
        packages: (details?.vulnerablePackages ?? []).map((one) => `${one.name} ${one.version}`).join(', '),
      })),
    ],
  };
}

function isFinished({ status }: Scan): boolean {
  return FINISHED.includes(status) || FAILED.includes(status);
}

function blockersOf({ request }: PublishContext, { findings, status }: Scan): readonly Finding[] {
  if (FAILED.includes(status)) return [{ name: 'the scan', severity: status, packages: '' }];
  const accepted = new Set(request.acceptedFindings);
  return findings.filter(({ name, severity }) => BLOCKING.includes(severity) && !accepted.has(name));
}

function checked(context: PublishContext, { repositoryName }: ProductImage, scan: Scan): string {
  const blockers = blockersOf(context, scan);
  for (const { severity, name, packages } of scan.findings) context.say(`  ${severity} ${name} ${packages}`.trimEnd());
  if (blockers.length === 0) return `the scan found ${countsText(scan)}`;
  const { account } = context.source.seller;
  const page = `See ${consoleUrl(context, `ecr/repositories/private/${account}/${repositoryName}`)}`;
  if (FAILED.includes(scan.status)) {
    const text = `${scan.status} ${scan.description}`.trim();
    const advice = UNSUPPORTED_IMAGE.test(text) ? [FULL_SYSTEM_ADVICE] : [];
    throw new JobError([`ECR could not scan the image: ${text}`, ...advice, page].join('\n'));
  }
  throw new JobError(
    [
      `AWS Marketplace takes no image with findings of severity Critical or High; ECR found ${blockers.map(({ name }) => name).join(', ')}`,
      'Rebuild the image without its cache (algo image build NAME --no-cache) and raise the version, or give --accept-finding for those that do not apply.',
      page,
    ].join('\n'),
  );
}

function countsText({ counts, findings, status }: Scan): string {
  if (FAILED.includes(status)) return `nothing: ${status}`;
  const told = Object.entries(counts).map(([severity, count]) => `${count} ${severity}`);
  if (told.length > 0) return told.join(', ');
  return findings.length === 0 ? 'nothing' : `${findings.length} findings`;
}

/** False where no scanner is, as on this machine. */
async function startScan({ clients }: PublishContext, { repositoryName, imageTag }: ProductImage): Promise<boolean> {
  try {
    await clients.ecr.startImageScan({ repositoryName, imageId: { imageTag } });
    return true;
  } catch (error) {
    if (/UnknownOperation|InvalidAction|NotImplemented/.test(`${nameOf(error)} ${messageOf(error)}`)) return false;
    throw error;
  }
}
