/** How a listing without a mistake gets one. */
import type { CheckItem, ImageCheck, Validation, ValidationProfile } from '@algo/local';
import type { Evidence } from '../../../src/evidence.js';
import type { Material } from '../../../src/material.js';
import type { Product, Use } from '../../../src/product/schema.js';
import { type Published, parsePublished, publishedText } from '../../../src/versions/published.js';
import { withProduct } from '../../support/flawless.js';
import { replaceIn } from '../../support/product.js';

export type Change = (material: Material) => Material;

export const withUsage =
  (from: string | RegExp, to: string): Change =>
  (material) => ({ ...material, usage: { file: 'usage.md', text: replaceIn(material.usage!.text, from, to) } });
export const withDescription =
  (from: string | RegExp, to: string): Change =>
  (material) => ({
    ...material,
    description: { file: 'description.md', text: replaceIn(material.description!.text, from, to) },
  });
export const product =
  (from: string | RegExp, to: string): Change =>
  (material) =>
    withProduct(material, from, to);
export const dataCard =
  (text: string): Change =>
  (material) => ({ ...material, dataCard: { file: 'README.md', text } });
export const besides =
  (bytes: Buffer | undefined): Change =>
  (material) => ({ ...material, readBeside: () => bytes });
export const definition =
  (change: (definition: Material['definition']) => Material['definition']): Change =>
  (material) => ({ ...material, definition: change(material.definition) });
export const training = (change: object): Change =>
  definition((one) => ({ ...one, TrainingSpecification: { ...one.TrainingSpecification!, ...change } }));

/** With a GPU type, of an algorithm that computes on GPUs. */
export const gpu =
  (use: Use, type: string, need?: Product['gpu']): Change =>
  (material) => {
    const { product: found } = material.productFile;
    const instances = { ...found!.instances, [use]: { ...found!.instances[use], [type]: 1 } };
    return {
      ...definition((one) => ({ ...one, Capabilities: { ...one.Capabilities, SupportsGpu: true } }))(material),
      productFile: { ...material.productFile, product: { ...found!, instances, gpu: need } },
    };
  };

/** With this version published, changed by `change`; a changeset of the algorithm waits. */
export const withPublished =
  (change: (published: Published) => unknown): Change =>
  (material) => {
    const text = publishedText(material.definition, material.productFile.product!, 'First version.');
    const published = parsePublished(text, 'published.json');
    change(published);
    return { ...material, history: { ...material.history, published, pending: 'minor' } };
  };

export const evidence =
  (change: (evidence: Evidence) => Partial<Evidence>): Change =>
  (material) => ({ ...material, evidence: { ...material.evidence, ...change(material.evidence) } });
export const validated = (change: Partial<Validation>): Change =>
  evidence(({ validation: { value, ...kept } }) => ({
    validation: { ...kept, value: { ...value!, validation: { ...value!.validation, ...change } } },
  }));
export const imageCheck = (change: Partial<ImageCheck>): Change =>
  evidence(({ image: { value, ...kept } }) => ({ image: { ...kept, value: { ...value!, ...change } as ImageCheck } }));
export const checked = (item: CheckItem): Change => imageCheck({ items: [item] });
/** What a validation as a process has not. */
export const PROCESS = { image: undefined } as unknown as Partial<Validation>;
/** Validated with another image that trains, whose check has this item. */
export const TRAINER = { reference: 'trainer', id: 'sha256:3', diffIds: ['sha256:3'] };
export const trainerChecked =
  (item: CheckItem, diffId = 'sha256:3'): Change =>
  (material) =>
    evidence(({ image: { value }, trainingImage }) => ({
      trainingImage: {
        ...trainingImage,
        value: { ...value!, layers: [{ diffId, compressedBytes: 1 }], items: [item] },
      },
    }))(validated({ trainingImage: TRAINER })(material));
export const profile =
  (change: Partial<ValidationProfile>): Change =>
  (material) => ({ ...material, profile: { ...material.profile!, ...change } });
export const CSV = { contentType: 'text/csv', accept: 'text/csv' };
/** As if `algo validate` had run after a change. */
export const validatedAgain: Change = (material) =>
  evidence(({ validation: { value, ...kept } }) => ({
    validation: {
      ...kept,
      value: value && { ...value, description: material.definition, profile: material.profile! },
    },
  }))(material);

/** As a model package that says this about its model, in texts that promise no training. */
export const withServedOnly =
  (highlights: readonly string[]): Change =>
  (material) =>
    servedOnly(highlights)(withDescription('Pipe mode', 'Pipe')(withUsage('Pipe mode', 'Pipe')(material)));
const servedOnly =
  (highlights: readonly string[]): Change =>
  (material) => {
    const { TrainingSpecification: _, ...served } = material.definition;
    const { product: found } = material.productFile;
    const { training: __, ...instances } = found!.instances;
    const { training: ___, ...recommended } = found!.recommended;
    return {
      ...material,
      definition: served,
      description: { file: 'description.md', text: '# Sums\n\nAdds numbers.\n' },
      productFile: {
        ...material.productFile,
        product: { ...found!, instances, recommended, highlights: [...highlights] },
      },
    };
  };

/** Header of a PNG. */
export function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.write('\x89PNG\r\n\x1a\n', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

export type Fixture = readonly [rule: number, what: string, change: Change, place: RegExp, text: RegExp];
