/** The clients of AWS, all with the ordinary chain of credentials and the variables that AWS's own tools read, such as AWS_PROFILE. */
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { ECR } from '@aws-sdk/client-ecr';
import { IAM } from '@aws-sdk/client-iam';
import { Pricing } from '@aws-sdk/client-pricing';
import { S3 } from '@aws-sdk/client-s3';
import { SageMaker } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { STS } from '@aws-sdk/client-sts';

export interface Clients {
  readonly sagemaker: SageMaker;
  readonly runtime: SageMakerRuntime;
  readonly s3: S3;
  readonly ecr: ECR;
  readonly iam: IAM;
  readonly sts: STS;
  readonly logs: CloudWatchLogs;
  readonly pricing: Pricing;
  /** For the registry of images, which is no service of the SDK. */
  readonly fetch: typeof fetch;
  /** The configuration and changes of all clients, for one more: `new MarketplaceCatalog(clients.options)`, then `prepare`. */
  readonly options: ClientOptions;
  prepare<T extends AnyClient>(client: T): T;
}

export interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface ClientRequest {
  /** Default: that of AWS's variables and files, else us-east-1. */
  readonly region?: string | undefined;
  /** For tests, which have no environment of their own. Default: AWS_ENDPOINT_URL, else AWS. */
  readonly endpoint?: string;
  readonly credentials?: ClientOptions['credentials'];
  /** Runs around each call of each client and of the registry: `next` sends it. */
  readonly around?: Around;
}

/** @param call such as `SageMakerClient CreateAlgorithm` or `PUT /v2/name/manifests/1.0.0` */
export type Around = (call: string, next: () => Promise<unknown>) => Promise<unknown>;

/** A throttled call is repeated, each time after a longer pause; the SDK's 3 attempts are few for polls over hours. */
const ATTEMPTS = 8;
export const DEFAULT_REGION = 'us-east-1';
/** The Price List API is in few Regions, and has the prices of all. */
const PRICING_REGION = 'us-east-1';

export async function openClients({ region, around, endpoint, credentials }: ClientRequest): Promise<Clients> {
  const options: ClientOptions = {
    region: region ?? (await configuredRegion()),
    maxAttempts: ATTEMPTS,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  };
  const prepare = <T extends AnyClient>(client: T): T => {
    if (around) wrap(client, around);
    return client;
  };
  return {
    sagemaker: prepare(new SageMaker(options)),
    runtime: prepare(new SageMakerRuntime(options)),
    s3: prepare(new S3(options)),
    ecr: prepare(new ECR(options)),
    iam: prepare(new IAM(options)),
    sts: prepare(new STS(options)),
    logs: prepare(new CloudWatchLogs(options)),
    pricing: prepare(new Pricing({ ...options, region: PRICING_REGION })),
    fetch: around ? wrappedFetch(around) : fetch,
    options,
    prepare,
  };
}

// --- internal ---

/** What all clients of the SDK have; its own type is a parameter of each client. */
interface AnyClient {
  readonly middlewareStack: {
    add(middleware: never, options: { readonly step: 'deserialize'; readonly priority: 'high' }): void;
  };
}

interface HandlerContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

/** Around each attempt, so that what it answers is treated as the service's answer: retried if it is throttling. */
function wrap(client: AnyClient, around: Around): void {
  const middleware =
    (next: (args: unknown) => Promise<unknown>, { clientName, commandName }: HandlerContext) =>
    (args: unknown) =>
      around(`${clientName} ${commandName?.replace(/Command$/, '')}`, () => next(args));
  client.middlewareStack.add(middleware as never, { step: 'deserialize', priority: 'high' });
}

function wrappedFetch(around: Around): typeof fetch {
  return (input, init) => {
    const { pathname } = new URL(String(input));
    return around(`${init?.method ?? 'GET'} ${pathname}`, () => fetch(input, init)) as Promise<Response>;
  };
}

/** As the SDK finds it: AWS_REGION, then the profile's. */
async function configuredRegion(): Promise<string> {
  try {
    return await new STS().config.region();
  } catch {
    return DEFAULT_REGION;
  }
}
