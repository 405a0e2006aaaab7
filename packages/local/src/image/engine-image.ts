/** An image of an engine that is to be pushed. */
import type { Engine } from '../container/engine.js';
import type { ImageSource } from './pushable.js';

/** @returns an image whose methods throw JobError where the engine has none of that name */
export async function engineImage(engine: Engine, image: string): Promise<ImageSource> {
  // With the libraries that read images: other commands start faster without them.
  const { openEngineImage } = await import('./pushable.js');
  return openEngineImage(engine, image);
}
