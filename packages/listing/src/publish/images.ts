/** The images of a product in ECR: one, or one that serves and one that trains, each in a repository of its own. */
import type { ImageSource } from '@algo/local';
import type { PublishContext } from './context.js';

export interface ProductImage {
  /** Before the names of its steps. */
  readonly prefix: '' | 'training ';
  /** As documents name it. */
  readonly name: string;
  /** `team/linear-regression` of that name. */
  readonly repositoryName: string;
  /** `1.0.0` of that name. */
  readonly imageTag: string;
  /** What is pushed; undefined: it is there already. */
  readonly local: ImageSource | undefined;
}

/** That which serves, and after it that which trains where it is another one. */
export function imagesOf({ source, request }: PublishContext): readonly ProductImage[] {
  const { image, trainingImage } = source.seller;
  return [
    { prefix: '', ...placeOf(image), local: request.image },
    ...(trainingImage === undefined
      ? []
      : [{ prefix: 'training ' as const, ...placeOf(trainingImage), local: request.trainingImage }]),
  ];
}

// --- internal ---

function placeOf(name: string) {
  const at = name.lastIndexOf(':');
  return { name, repositoryName: name.slice(name.indexOf('/') + 1, at), imageTag: name.slice(at + 1) };
}
