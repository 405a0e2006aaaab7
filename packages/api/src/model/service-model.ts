/**
 * AWS's description of a service: its operations, their shapes and constraints, as models/*.json holds them. The tables are
 * derived from botocore's `service-2.json` by scripts/derive-model.ts.
 */
import { readFileSync } from 'node:fs';

export interface Shape {
  readonly type: ShapeType;
  /** Of a string or blob its length, of a list or map its size, of a number its value. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Of a structure: member → shape. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** Of a structure in a REST protocol: member → where it is (header, statusCode, …) and its name there. */
  readonly locations?: Readonly<Record<string, readonly [location: string, name: string]>>;
  /** Of a structure in a REST protocol: the member that is the body. */
  readonly payload?: string;
  /** Of a list: shape of its items. */
  readonly member?: string;
  /** Of a map. */
  readonly key?: string;
  readonly value?: string;
  /** Of a structure whose content is any JSON. */
  readonly document?: boolean;
  readonly error?: { readonly httpStatusCode?: number };
}

type ShapeType =
  | 'structure'
  | 'list'
  | 'map'
  | 'string'
  | 'blob'
  | 'boolean'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'timestamp';

export interface OperationModel {
  readonly input?: string;
  readonly output?: string;
  readonly errors?: readonly string[];
  /** HTTP method and path of a REST protocol. */
  readonly method?: string;
  readonly uri?: string;
  /** HTTP status of the answer; default 200. */
  readonly status?: number;
}

export interface ServiceModel {
  /** e.g. `botocore 1.44.8`. */
  readonly source: string;
  readonly metadata: {
    readonly targetPrefix?: string;
    readonly jsonVersion?: string;
    readonly signingName: string;
    /** Of the protocol query, whose answers are XML. */
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const FOLDER = new URL('../../models/', import.meta.url);
const loaded = new Map<string, ServiceModel>();

/**
 * The table is read when something of it is first asked for: a start needs none of them, and most clients need few.
 * @param name botocore's name of the service, e.g. `sagemaker-runtime`
 */
export function serviceModel(name: string): ServiceModel {
  const known = loaded.get(name);
  if (known) return known;
  let table: ServiceModel | undefined;
  const read = (): ServiceModel => {
    table ??= JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as ServiceModel;
    return table;
  };
  const model: ServiceModel = {
    get source() {
      return read().source;
    },
    get metadata() {
      return read().metadata;
    },
    get operations() {
      return read().operations;
    },
    get shapes() {
      return read().shapes;
    },
  };
  loaded.set(name, model);
  return model;
}

/** @throws Error when the table has no such shape, which is a mistake in the table */
export function shapeOf(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`The model of ${model.metadata.signingName} has no shape "${name}" (${model.source}).`);
  return shape;
}
