/**
 * Writes models/*.json: the operations of AWS's service models that this package answers or will, with their shapes and
 * constraints and without prose. The source is the newest botocore on PyPI (`service-2.json`, Apache License 2.0).
 *
 * `npm run derive-model --workspace @algo/api`
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pythonEnvironment } from '@algo/bench';
import { NOT_REQUIRED, SERVICES, WRONG_PATTERNS } from './model-services.ts';

interface SourceShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, SourceMember>>;
  readonly member?: SourceMember;
  readonly key?: SourceMember;
  readonly value?: SourceMember;
  readonly [key: string]: unknown;
}

interface SourceMember {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
  readonly streaming?: boolean;
}

interface SourceOperation {
  readonly http?: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: SourceMember;
  readonly output?: SourceMember;
  readonly errors?: readonly SourceMember[];
}

interface SourceModel {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly shapes: Readonly<Record<string, SourceShape>>;
}

const KEPT_OF_SHAPES = [
  'required',
  'min',
  'max',
  'pattern',
  'enum',
  'payload',
  'error',
  'exception',
  'eventstream',
  'document',
];
const FOLDER = join(import.meta.dirname, '..', 'models');

const python = await pythonEnvironment(['boto3'], (line) => console.log(line));
if (!python.binDirectory) throw new Error(python.missing(['boto3']) ?? 'Python is missing.');
const [data] = globSync(join(python.binDirectory, '..', 'lib', 'python3.*', 'site-packages', 'botocore', 'data'));
if (data === undefined) throw new Error(`botocore's data must be below ${python.binDirectory}/../lib; it is missing.`);

for (const [service, wanted] of Object.entries(SERVICES)) {
  const path = globSync(join(data, service, '*', 'service-2.json.gz'))
    .sort()
    .at(-1);
  if (path === undefined) throw new Error(`${data}/${service} must have a service-2.json.gz; it has none.`);
  const model = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as SourceModel;
  for (const name of WRONG_PATTERNS[service] ?? []) delete (model.shapes[name] as { pattern?: string }).pattern;
  for (const [name, members] of Object.entries(NOT_REQUIRED[service] ?? {})) {
    const shape = model.shapes[name] as SourceShape & { required: string[] };
    shape.required = shape.required.filter((member) => !members.includes(member));
  }
  const text = write(model, wanted, `botocore ${python.versions.botocore}`);
  writeFileSync(join(FOLDER, `${service}.json`), text);
  console.log(`models/${service}.json: ${wanted.length} operations, ${(text.length / 1000).toFixed(0)} kB`);
}

// --- internal ---

/** JSON with a line for each operation and shape, so that a newer version can be compared with the old one. */
function write(model: SourceModel, wanted: readonly string[], source: string): string {
  const missing = wanted.filter((name) => !model.operations[name]);
  if (missing.length > 0) throw new Error(`${source} has no operation ${missing.join(', ')}.`);
  const { apiVersion, protocol, jsonVersion, targetPrefix, signingName, endpointPrefix, xmlNamespace } = model.metadata;
  const head = {
    apiVersion,
    protocol,
    jsonVersion,
    targetPrefix,
    signingName: signingName ?? endpointPrefix,
    xmlNamespace,
  };
  const operations = wanted.toSorted().map((name) => [name, operationOf(model.operations[name]!)] as const);
  const shapes = [...reachable(model, wanted)].sort().map((name) => [name, shapeOf(model.shapes[name]!)] as const);
  return [
    '{',
    `"source": ${JSON.stringify(source)},`,
    `"notice": "Derived from botocore's service model. Copyright Amazon.com, Inc. or its affiliates. Apache License 2.0.",`,
    `"metadata": ${JSON.stringify(head)},`,
    `"operations": ${lines(operations)},`,
    `"shapes": ${lines(shapes)}`,
    '}\n',
  ].join('\n');
}

function lines(entries: readonly (readonly [string, unknown])[]): string {
  return `{\n${entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')}\n}`;
}

function operationOf({ http, input, output, errors }: SourceOperation) {
  const isRest = http !== undefined && (http.requestUri !== '/' || http.method !== 'POST');
  return {
    ...(isRest && { method: http.method, uri: http.requestUri }),
    ...(http?.responseCode !== undefined && http.responseCode !== 200 && { status: http.responseCode }),
    ...(input && { input: input.shape }),
    ...(output && { output: output.shape }),
    ...(errors && { errors: errors.map(({ shape }) => shape) }),
  };
}

function shapeOf(shape: SourceShape) {
  const kept = KEPT_OF_SHAPES.filter((key) => shape[key] !== undefined).map((key) => [key, shape[key]] as const);
  const { members = {}, member, key, value } = shape;
  const located = Object.entries(members).filter(([, { location }]) => location !== undefined);
  return {
    type: shape.type,
    ...Object.fromEntries(kept),
    ...(shape.members && { members: mapValues(members, ({ shape: name }) => name) }),
    ...(located.length > 0 && {
      locations: Object.fromEntries(located.map(([name, at]) => [name, [at.location, at.locationName ?? name]])),
    }),
    ...(member && { member: member.shape }),
    ...(key && value && { key: key.shape, value: value.shape }),
  };
}

function mapValues<T, R>(object: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function reachable({ operations, shapes }: SourceModel, wanted: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    const { members = {}, member, key, value } = shapes[name]!;
    for (const next of [...Object.values(members), member, key, value]) if (next) visit(next.shape);
  };
  for (const name of wanted) {
    const { input, output, errors = [] } = operations[name]!;
    for (const start of [input, output, ...errors]) if (start) visit(start.shape);
  }
  return found;
}
