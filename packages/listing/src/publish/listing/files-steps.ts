/**
 * The files of `listing/` that AWS Marketplace fetches: logo, and a licence agreement of one's own. It asks for them as anybody,
 * so they are publicly readable. Whoever owns the bucket allows that: a bucket is not opened here.
 */
import { join } from 'node:path';
import { JobError } from '@algo/local';
import { S3 } from '@aws-sdk/client-s3';
import { nameOf } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import type { Look, Step } from '../step.js';
import { objectsStep } from '../steps/objects.js';

export function filesSteps(context: PublishContext): readonly Step[] {
  const { publicFiles } = context.source.seller;
  const upload = objectsStep(context, {
    name: 'listing files',
    makes: `objects below ${publicFiles}: ${filesOf(context).join(', ')}`,
    uploads: async () =>
      filesOf(context).map((file) => ({
        key: keyOf(context, file),
        path: join(context.request.folder, 'listing', file),
      })),
  });
  return [upload, readableStep(context)];
}

// --- internal ---

function filesOf({ source: { product } }: PublishContext): readonly string[] {
  return [product.logo, ...(product.eula === 'standard' ? [] : [product.eula])];
}

function readableStep(context: PublishContext): Step {
  const { bucket } = context.source.seller;
  const anybody = context.clients.prepare(new S3({ ...context.clients.options, ...UNSIGNED }));
  const hidden = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const file of filesOf(context)) {
      if (!(await isReadable(anybody, bucket, keyOf(context, file)))) found.push(file);
    }
    return found;
  };
  return {
    name: 'public files',
    makes: [],
    hours: [0, 0.1],
    async isDone(): Promise<Look> {
      const files = await hidden();
      if (files.length === 0) return { isDone: true, text: READABLE };
      return { isDone: false, text: `${files.join(', ')} cannot be read by everybody` };
    },
    async do() {
      const files = await hidden();
      if (files.length === 0) return READABLE;
      const Resource = files.map((file) => `arn:aws:s3:::${bucket}/${keyOf(context, file)}`);
      const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource };
      throw new JobError(
        [
          `AWS Marketplace fetches ${files.join(', ')} as anybody; ${bucket} does not allow it`,
          `Add this statement to the policy of the bucket, whose Block Public Access has to let policies through:`,
          JSON.stringify(statement),
        ].join('\n'),
      );
    },
  };
}

const READABLE = 'everybody can read the files of the listing';

/** As anybody asks, without a signature. */
const UNSIGNED = { signer: { sign: async <T>(request: T): Promise<T> => request } };

async function isReadable(anybody: S3, Bucket: string, Key: string): Promise<boolean> {
  try {
    await anybody.headObject({ Bucket, Key });
    return true;
  } catch (error) {
    const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 403 || status === 404 || nameOf(error) === 'NotFound') return false;
    throw error;
  }
}

/** Below `publicFiles`, which has the bucket in its host. */
function keyOf({ source }: PublishContext, file: string): string {
  return `${new URL(source.seller.publicFiles).pathname.slice(1)}/${file}`;
}
