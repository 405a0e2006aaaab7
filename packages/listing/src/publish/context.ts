/** What all steps of publishing share: the product's documents, the clients, and where they may say what they do. */
import { setTimeout as delay } from 'node:timers/promises';
import { ArgumentError, type ImageSource, JobError } from '@algo/local';
import { LOCAL_ACCOUNT } from '../documents/seller.js';
import type { Source } from '../documents/source.js';
import { type ListingRequest, type Material, readMaterial, sourceOf } from '../material.js';
import { type ClientRequest, type Clients, openClients } from './clients.js';
import type { Mark } from './mark.js';

export interface PublishRequest extends Omit<ListingRequest, 'seller'> {
  readonly seller?: ListingRequest['seller'];
  /** Keeps the resource in the account: not certified for Marketplace, and so no listing. */
  readonly isPrivate?: boolean;
  /** Creates the resource without a trial before it. */
  readonly hasNoTrial?: boolean;
  /** The image to push; undefined: it is in the repository already, or `algo up` runs the program. */
  readonly image: ImageSource | undefined;
  /** The same of the image that trains, where `seller.trainingRepository` names its repository. */
  readonly trainingImage?: ImageSource | undefined;
  /** CVEs of severity Critical or High that a person has looked at. */
  readonly acceptedFindings?: readonly string[];
  /** For what is fetched from AWS, below the workspace's `.algo`. */
  readonly directory: string;
  /** For the results of the trial. */
  readonly trialDirectory: string;
  readonly clients?: ClientRequest;
  readonly stop?: AbortSignal;
  /** That the trial measures latency with, and as many for throughput; default 100. */
  readonly measuredRequests?: number;
  /** Between two looks at what takes its time; default 15 s, 0.5 s with an API of this machine. */
  readonly lookMs?: number;
  readonly onLine?: (line: string) => void;
  /** What is waited for, replaced by the next. */
  readonly onProgress?: (text: string) => void;
}

export interface PublishContext {
  readonly request: PublishRequest;
  readonly source: Source;
  readonly material: Material;
  readonly clients: Clients;
  readonly mark: Mark;
  readonly isPrivate: boolean;
  /** Where the API is that answers, if it is not AWS: `on this machine`, `at api.test`. Its jobs run on no instance type. */
  readonly elsewhere: string | undefined;
  /** Between two looks at what takes its time. */
  readonly lookMs: number;
  say(line: string): void;
  progress(text: string): void;
  /** Waits before the next look. @throws JobError when the work was stopped meanwhile */
  pause(): Promise<void>;
}

const LOOK_MS = 15_000;
/** Where jobs take seconds: this machine. */
const LOCAL_LOOK_MS = 500;

/**
 * Reads everything of the product, and asks AWS whose account it is.
 * @throws ArgumentError for a product.yaml or profile that is wrong, and for credentials of another account than `--account`
 */
export async function openContext(request: PublishRequest): Promise<PublishContext> {
  const { seller = {}, stop, onLine, onProgress } = request;
  const clients = await openClients({ region: seller.region, ...request.clients });
  const asked = watchHost(clients);
  const { Account: account } = await clients.sts.getCallerIdentity({});
  const { hostname, port } = asked();
  const endpoint = port === undefined ? hostname : `${hostname}:${port}`;
  onLine?.(`Account ${account}, Region ${clients.options.region}, endpoint ${endpoint}`);
  const lookMs = request.lookMs ?? (isOnThisMachine(hostname) ? LOCAL_LOOK_MS : LOOK_MS);
  if (seller.account !== undefined && seller.account !== account) {
    throw new ArgumentError(`--account must be that of the credentials, ${account}; received "${seller.account}".`);
  }
  const material = await readMaterial({ ...request, seller: { ...seller, account, region: clients.options.region } });
  const { Name: product, Version: version } = material.definition;
  return {
    request,
    material,
    source: sourceOf(material),
    clients,
    mark: { product, version },
    isPrivate: request.isPrivate ?? false,
    elsewhere: elsewhereOf(hostname, account),
    lookMs,
    say: (line) => onLine?.(line),
    progress: (text) => onProgress?.(text),
    async pause() {
      await delay(lookMs, undefined, stop && { signal: stop }).catch(() => undefined);
      if (stop?.aborted) throw new JobError('stopped');
    },
  };
}

/** A place of the AWS console. @param path such as `sagemaker/home#/algorithms/NAME` */
export function consoleUrl({ source }: PublishContext, path: string): string {
  const { region } = source.seller;
  const [page, anchor = ''] = path.split('#');
  return `https://${region}.console.aws.amazon.com/${page}?region=${region}${anchor === '' ? '' : `#${anchor}`}`;
}

/** @param host as a URL has it, `[::1]` in brackets */
export function isOnThisMachine(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

/** Undefined for AWS. @param host as a URL has it */
export function elsewhereOf(host: string, account: string | undefined): string | undefined {
  if (isOnThisMachine(host) || account === LOCAL_ACCOUNT) return 'on this machine';
  return /(^|\.)(amazonaws\.(com|com\.cn|eu)|api\.aws)$/.test(host) ? undefined : `at ${host}`;
}

// --- internal ---

interface Host {
  readonly hostname: string;
  readonly port?: number | undefined;
}

/** The host of the last call: where it is, the SDK finds out with each call, from options, variables, files and rules. */
function watchHost({ sts }: Clients): () => Host {
  let host: Host = { hostname: '' };
  sts.middlewareStack.add(
    (next) => (args) => {
      host = args.request as Host;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'watchHost' },
  );
  return () => host;
}
