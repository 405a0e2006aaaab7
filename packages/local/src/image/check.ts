/** The check of a built image, before it is pushed: what SageMaker and AWS Marketplace ask of it. */
import type { ImageCheck, ImageCheckRequest } from './check-request.js';

/** @throws JobError when the engine has no such image, or it cannot be read */
export async function checkImage(request: ImageCheckRequest): Promise<ImageCheck> {
  // With the libraries that read archives and reports: other commands start faster without them.
  const { inspectImage } = await import('./inspection.js');
  return inspectImage(request);
}
