/** Rules of what was run: validation, measurements, image and notebooks, each of the product as it is now. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ImageCheck } from '@algo/local';
import type { Kept } from '../evidence.js';
import type { Material } from '../material.js';
import { notebookProblems } from '../notebooks/check.js';
import { sampleSource } from '../notebooks/layout.js';
import { fingerprintOf } from '../notebooks/outputs.js';
import { type Found, type Rule, SOURCES } from './rule.js';

/** Has a rule of its own. */
const SYSTEM = 'operating system';

export const EVIDENCE_RULES: readonly Rule[] = [
  {
    title:
      'the last validation passed, with this program, definition, profile and sample data: outputs equal the stored ones',
    source: SOURCES.requirements,
    find: validationProblems,
  },
  {
    title: 'a metric is measured, and latency on the recommended instance type',
    source: SOURCES.requirements,
    find: measurementProblems,
  },
  {
    title:
      'the image was checked after it was built, has the program as it is built now, and passed; so was the one that trains, where it is another one',
    source: SOURCES.images,
    find: (material) => checksOf(material).flatMap(imageProblems),
  },
  {
    title: 'the operating system of the image is one that Amazon Inspector scans',
    source: SOURCES.inspector,
    find: (material) =>
      checksOf(material).flatMap(({ check: { file: place, value } }) =>
        (value?.items ?? [])
          .filter(({ name, result }) => name === SYSTEM && result !== 'passed')
          .map(({ text }) => ({ place, text: `must have a system that is scanned; found: ${text}` })),
      ),
  },
  {
    title: 'there is a notebook, and each has the outputs of a run of its cells as they are, which equal the samples',
    source: SOURCES.requirements,
    find: notebookFindings,
  },
];

// --- internal ---

function validationProblems({ evidence, definition, profile, sampleData, bundle }: Material): readonly Found[] {
  const { file: place, value } = evidence.validation;
  const again = `run algo validate ${definition.Name}`;
  if (!value) return [{ place, text: `must be there; it is missing: ${again}` }];
  const { validation, description } = value;
  if (validation.result === 'failed') return [{ place, text: `must have passed; it failed: ${validation.cause}` }];
  if (!isDeepStrictEqual(asJson(description), asJson(definition))) {
    return [{ place, text: `must be of this definition, which has changed since: ${again}` }];
  }
  if (profile && !isDeepStrictEqual(asJson(value.profile), asJson(profile))) {
    return [{ place, text: `must be of this validation profile, which has changed since: ${again}` }];
  }
  // What an image has is in its check, which another rule compares.
  if (bundle !== undefined && !validation.image && validation.bundle !== bundle) {
    return [{ place, text: `must be of the program as it is built now, which is another: ${again}` }];
  }
  const changed = Object.entries(validation.digests.inputs).find(([path, digest]) => {
    const bytes = sampleData.read(path);
    return !bytes || createHash('sha256').update(bytes).digest('hex') !== digest;
  });
  return changed ? [{ place, text: `must be of this sample data; ${changed[0]} has changed since: ${again}` }] : [];
}

function measurementProblems(material: Material): readonly Found[] {
  const { evidence, definition } = material;
  const { validation, measurements } = evidence;
  const found = otherLatency(material);
  const isMeasured = definition.TrainingSpecification
    ? Object.keys(validation.value?.validation.metrics ?? {}).length > 0
    : hasMetric(material);
  const what = definition.TrainingSpecification
    ? 'a metric of the training job'
    : 'holdOut in its profile, labelled rows for the report; or description.md a metric of the model with its value';
  return [
    ...(validation.value && !isMeasured ? [{ place: validation.file, text: `must have ${what}; it has none` }] : []),
    ...(found === undefined
      ? []
      : [
          {
            place: measurements.file,
            text: `must have the latency on the recommended type; it is ${found}: run algo validate ${definition.Name} --runner sagemaker`,
          },
        ]),
  ];
}

/** What there is in the place of a latency on AWS, on the recommended type; undefined where it is that. */
function otherLatency({ evidence: { measurements }, productFile: { product } }: Material): string | undefined {
  const { realTime, elsewhere } = measurements.value ?? {};
  if (!realTime) return 'not measured';
  if (elsewhere !== undefined) return `measured ${elsewhere}, which is not AWS`;
  const isRecommended = !product || product.recommended.realTime === realTime.instanceType;
  return isRecommended ? undefined : `measured on ${realTime.instanceType}`;
}

/** Metrics by their names; `²` is no letter, so the word of R² has no boundary at its end. */
const METRICS =
  /\b(?:accuracy|precision|recall|F1|AUC|RMSE|MAE|(?:mean|absolute|squared) error|error rate|loss|perplexity)\b|\bR²/gi;

/** Of a model package, whose model was measured where it was trained. */
function hasMetric({ profile, description, productFile: { product } }: Material): boolean {
  if (profile?.holdOut) return true;
  const texts = [description?.text ?? '', ...(product?.highlights ?? [])];
  return texts.some((text) => text.split(/\.\s|\n\n|\n-/).some(hasMetricAndValue));
}

/** Of one sentence. The 1 of F1 is no value. */
function hasMetricAndValue(sentence: string): boolean {
  const rest = sentence.replace(METRICS, '');
  return rest !== sentence && /\d/.test(rest);
}

interface CheckOf {
  readonly check: Kept<ImageCheck>;
  /** Layers of the image that was validated; undefined where none was. */
  readonly validated: readonly string[] | undefined;
  /** Of the program that the image is made of; undefined where that is not known. */
  readonly bundle: string | undefined;
  /** Of the product. */
  readonly name: string;
  readonly again: string;
}

/** Of the image that trains too, where the product is validated or published with one. */
function checksOf({ evidence, definition, seller, bundle }: Material): readonly CheckOf[] {
  const { image, trainingImage } = evidence.validation.value?.validation ?? {};
  const again = `run algo image check ${definition.Name}`;
  const one = { check: evidence.image, validated: image?.diffIds, bundle, name: definition.Name, again };
  if (!trainingImage && seller.trainingImage === undefined) return [one];
  const other = `${again} --training --image ${trainingImage?.reference ?? 'A'}`;
  // Which of two images has the program of the folder is not known.
  return [
    { ...one, bundle: undefined },
    { ...one, check: evidence.trainingImage, validated: trainingImage?.diffIds, bundle: undefined, again: other },
  ];
}

function imageProblems({
  check: { file: place, value: check },
  validated,
  bundle,
  name,
  again,
}: CheckOf): readonly Found[] {
  if (!check) return [{ place, text: `must be there; the image is not checked: ${again}` }];
  const checked = check.layers.map(({ diffId }) => diffId);
  if (validated && !isDeepStrictEqual(validated, checked)) {
    return [{ place, text: `must be of the image that was validated, which is another: ${again}` }];
  }
  if (bundle !== undefined && check.bundle === undefined) {
    return [{ place, text: `must have the digest of the program in the image, which older checks lack: ${again}` }];
  }
  if (bundle !== undefined && check.bundle !== null && check.bundle !== bundle) {
    const text = `must be of an image with the program as it is built now, which is another: run algo image build ${name}, and ${again}`;
    return [{ place, text }];
  }
  return check.items
    .filter(({ name, result }) => result === 'failed' && name !== SYSTEM)
    .map(({ name, text }) => ({ place, text: `must have passed; ${name}: ${text}` }));
}

function notebookFindings({
  evidence: { notebooks, notebooksFolder },
  definition,
  profile,
  sampleData,
}: Material): readonly Found[] {
  if (notebooks.length === 0) {
    return [{ place: notebooksFolder, text: 'must have the notebook that shows complete use; there is none' }];
  }
  const again = `run algo notebook run ${definition.Name} --write`;
  const read = (path: string) => {
    const source = profile && sampleSource(profile, path, sampleData.isFolder);
    return source === undefined ? undefined : sampleData.read(source)?.toString('utf8');
  };
  return notebooks.flatMap(({ file: place, notebook, problem }) => {
    if (!notebook) return [{ place, text: problem ?? 'must be a notebook' }];
    if (notebook.metadata.executed?.source === fingerprintOf(notebook)) {
      // Where there are no samples, another rule has a finding.
      return notebookProblems(notebook, profile?.realTime.length ? read : undefined).map((text) => ({ place, text }));
    }
    return [{ place, text: `must have the outputs of its cells, which were not run since the last change: ${again}` }];
  });
}

/** Without members that are undefined, which a file does not have. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
