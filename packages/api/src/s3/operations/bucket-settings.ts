/**
 * The settings of a bucket that clients ask for. Those that only describe a bucket can be changed, and are kept; of the
 * others this server has what a new bucket has, and a request to change one is refused by name.
 */

import { childText, readXml, type XmlElement } from '../../protocol/xml.js';
import { ServiceError } from '../../service-error.js';
import type { Answer } from '../answer.js';
import { receiveText } from '../body.js';
import { readTags } from '../object-headers.js';
import { notImplemented } from '../s3-errors.js';
import type { Operation } from './context.js';
import { OWNER } from './object-list.js';
import { readTagSet } from './object-tags.js';

interface Setting {
  /** Root of its document, if clients may change it. */
  readonly kept?: string;
  /** What a bucket has that nobody changed: a document, or the error that there is none. */
  readonly initial: XmlElement | (() => ServiceError);
}

/** By the name in the query, e.g. `GET /bucket?versioning`. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  acl: { initial: accessControl() },
  accelerate: { initial: ['AccelerateConfiguration', []] },
  cors: { initial: absent('NoSuchCORSConfiguration', 'The CORS configuration does not exist') },
  encryption: { kept: 'ServerSideEncryptionConfiguration', initial: encryption() },
  lifecycle: { initial: absent('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist') },
  logging: { initial: ['BucketLoggingStatus', []] },
  notification: { initial: ['NotificationConfiguration', []] },
  'object-lock': {
    initial: absent('ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'),
  },
  ownershipControls: {
    kept: 'OwnershipControls',
    initial: ['OwnershipControls', [['Rule', [['ObjectOwnership', 'BucketOwnerEnforced']]]]],
  },
  policy: { initial: absent('NoSuchBucketPolicy', 'The bucket policy does not exist') },
  policyStatus: { initial: absent('NoSuchBucketPolicy', 'The bucket policy does not exist') },
  publicAccessBlock: { kept: 'PublicAccessBlockConfiguration', initial: publicAccessBlock() },
  replication: {
    initial: absent('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
  },
  requestPayment: { initial: ['RequestPaymentConfiguration', [['Payer', 'BucketOwner']]] },
  tagging: { kept: 'Tagging', initial: absent('NoSuchTagSet', 'The TagSet does not exist') },
  versioning: { kept: 'VersioningConfiguration', initial: ['VersioningConfiguration', []] },
  website: {
    initial: absent('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
  },
};

export const MAX_BUCKET_TAGS = 50;

/** The setting that the query names, if it names one. */
export function settingOf(query: URLSearchParams): string | undefined {
  return Object.keys(SETTINGS).find((name) => query.has(name));
}

export const getSetting: Operation = ({ bucket, query }, { store }) => {
  const name = settingOf(query)!;
  const kept = store.buckets.settings(bucket)[name];
  if (kept !== undefined) return { text: kept, headers: { 'content-type': 'application/xml' } };
  const { initial } = SETTINGS[name]!;
  if (typeof initial !== 'function') return { xml: initial };
  throw initial();
};

export const putSetting: Operation = async (request, { store }) => {
  const name = settingOf(request.query)!;
  const { kept } = SETTINGS[name]!;
  store.buckets.folderOf(request.bucket);
  const text = await receiveText(request);
  if (kept === undefined) throw notImplemented(`The setting "${name}" of a bucket cannot be changed here.`);
  const root = readXml(text, kept);
  if (name === 'tagging') readTags(readTagSet(text), MAX_BUCKET_TAGS);
  if (name === 'versioning' && childText(root, 'Status') === 'Enabled') {
    throw notImplemented('Versions of objects are not kept here; the status of versioning must be Suspended.');
  }
  store.buckets.set(request.bucket, name, text);
  return {};
};

export const deleteSetting: Operation = ({ bucket, query }, { store }): Answer => {
  store.buckets.set(bucket, settingOf(query)!, undefined);
  return { status: 204 };
};

/** The access control list that every bucket and object has. */
export const getAccessControl: Operation = ({ bucket, key }, { store }) => {
  if (store.find(bucket, key) === undefined)
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
  return { xml: accessControl() };
};

// --- internal ---

function absent(code: string, message: string): () => ServiceError {
  return () => new ServiceError(code, message, 404);
}

function accessControl(): XmlElement {
  const grant: XmlElement = [
    'Grant',
    [
      ['Grantee', OWNER[1]],
      ['Permission', 'FULL_CONTROL'],
    ],
  ];
  return ['AccessControlPolicy', [OWNER, ['AccessControlList', [grant]]]];
}

function encryption(): XmlElement {
  const applied: XmlElement = ['ApplyServerSideEncryptionByDefault', [['SSEAlgorithm', 'AES256']]];
  return ['ServerSideEncryptionConfiguration', [['Rule', [applied, ['BucketKeyEnabled', false]]]]];
}

function publicAccessBlock(): XmlElement {
  const names = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];
  return ['PublicAccessBlockConfiguration', names.map((name): XmlElement => [name, true])];
}
