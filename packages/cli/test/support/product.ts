/** A product.yaml of the algorithm `sum` without prices, as short as can be. */
export const PRODUCT = `title: Sums
highlights: [Adds]
categories: [Structured]
keywords: [sum]
logo: logo.png
support: None.
refunds: Write to us.
eula: standard
input: { description: Numbers }
output: { description: A number }
pricing: { model: free }
instances: { training: { ml.m5.large: }, realTime: { ml.m5.large: }, batch: { ml.m5.large: } }
recommended: { training: ml.m5.large, realTime: ml.m5.large, batch: ml.m5.large }
`;
