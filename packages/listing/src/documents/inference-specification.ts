/** How a product is served: content types of the definition, instance types of product.yaml. */
import type { Document, Source } from './source.js';

export interface Container {
  readonly Image: string;
  /** Absent where the model is in the image, or comes from a buyer's training job. */
  readonly ModelDataUrl?: string;
}

/** The container listens where SageMaker asks it to, which it says in a label of the image; nothing else is set. */
export function inferenceSpecification({ definition, product }: Source, container: Container): Document {
  return {
    ...definition.InferenceSpecification,
    Containers: [container],
    SupportedTransformInstanceTypes: Object.keys(product.instances.batch),
    SupportedRealtimeInferenceInstanceTypes: Object.keys(product.instances.realTime),
  };
}
