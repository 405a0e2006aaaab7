/** Which product of the catalog lists an algorithm or model package. */
import type { Store } from '../store/store.js';
import type { ProductDetails } from './product-details.js';

/** The product with a version of this resource that is not restricted; undefined where there is none. */
export function productOf({ records }: Store, arn: string): string | undefined {
  const products = records.all<{ readonly details: ProductDetails }>('MachineLearningProduct');
  return products.find(({ body }) =>
    body.details.Versions.some(
      ({ Sources, DeliveryOptions }) =>
        Sources.some(({ AlgorithmArn, ModelPackageArn }) => (AlgorithmArn ?? ModelPackageArn) === arn) &&
        DeliveryOptions.some(({ Visibility }) => Visibility !== 'Restricted'),
    ),
  )?.name;
}
