/** A listing without findings: that of linear regression with the public addresses that ours has not, and no address of an example. */
import type { Validation } from '@algo/local';
import type { Evidence } from '../../src/evidence.js';
import type { Material } from '../../src/material.js';
import { fingerprintOf } from '../../src/notebooks/outputs.js';
import { parseProduct } from '../../src/product/product-file.js';
import { materialOf } from './material.js';
import { notebookOf } from './notebooks.js';
import { productText, replaceIn } from './product.js';

const LINKS = `links:
  notebook: https://github.com/seller/listing/notebook.ipynb
  repository: https://github.com/seller/listing
  samples: https://github.com/seller/listing/data
`;

export async function flawlessMaterial(): Promise<Material> {
  const material = await materialOf('linear-regression');
  return {
    ...material,
    productFile: parseProduct(flawlessText(), 'product.yaml'),
    bundle: BUNDLE,
    evidence: flawlessEvidence(material),
  };
}

function flawlessText(): string {
  const linked = replaceIn(productText('linear-regression'), /^links: .*\n/m, LINKS);
  return replaceIn(linked, /support@example\.com/g, 'support@seller.test');
}

const BUNDLE = `sha256:${'2'.repeat(64)}`;
const DIFF_ID = `sha256:${'1'.repeat(64)}`;

/** As after validations on this machine and in an account, a check of the image, and a run of the notebook. */
function flawlessEvidence({ definition, profile, evidence }: Material): Evidence {
  const notebook = notebookOf();
  const validation: Validation = {
    ...{ algorithm: definition.Name, version: definition.Version, result: 'passed' as const, steps: [], seconds: 1 },
    ...{ startedAt: '2026-01-02T03:04:05Z', directory: '.', versions: { local: '1' }, digests: { inputs: {} } },
    metrics: { 'validation:rmse': 1 },
    bundle: BUNDLE,
    image: { reference: definition.Name, id: DIFF_ID, diffIds: [DIFF_ID] },
  };
  return {
    ...evidence,
    validation: {
      file: 'validation.json',
      value: { validation, description: definition, profile: profile! },
    },
    measurements: {
      file: 'trial.json',
      value: { realTime: { instanceType: 'ml.m5.large', p50Ms: 5, p99Ms: 9, requestsPerSecond: 500 } },
    },
    image: {
      file: 'check.json',
      value: {
        ...{ image: definition.Name, result: 'passed' as const, compressedBytes: 1, directory: '.' },
        bundle: BUNDLE,
        layers: [{ diffId: DIFF_ID, compressedBytes: 1 }],
        items: [{ name: 'operating system', result: 'passed', text: 'Debian 13, scanned by Amazon Inspector' }],
        packages: { debian: 1, other: 0 },
      },
    },
    notebooks: [
      {
        file: 'notebook.ipynb',
        notebook: { ...notebook, metadata: { ...notebook.metadata, executed: { source: fingerprintOf(notebook) } } },
        problem: undefined,
      },
    ],
  };
}

/** With one change of its product.yaml. */
export function withProduct(material: Material, from: string | RegExp, to: string): Material {
  const text = replaceIn(flawlessText(), from, to);
  return { ...material, productFile: parseProduct(text, 'product.yaml') };
}
