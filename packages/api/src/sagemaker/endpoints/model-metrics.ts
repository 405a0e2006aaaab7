/** What CloudWatch has of a multi-model endpoint. Source: AWS guide "CloudWatch Metrics for Multi-Model Endpoint Deployments". */
import type { ModelMetric } from '@algo/local';
import type { Metric, MetricValue } from '../../metrics/metric-store.js';

/** @param value a time in microseconds, or a count */
export function modelMetric(
  name: ModelMetric,
  value: number,
  { endpointName, variantName }: { readonly endpointName: string; readonly variantName: string },
): Metric & MetricValue {
  return {
    namespace: name === 'LoadedModelCount' ? '/aws/sagemaker/Endpoints' : 'AWS/SageMaker',
    name,
    dimensions: [
      { Name: 'EndpointName', Value: endpointName },
      { Name: 'VariantName', Value: variantName },
    ],
    at: Date.now() / 1000,
    value,
  };
}
