/**
 * The proof for a service: a table of all its operations × right, missing, conflict, invalid, paged. What is not there for an
 * operation has its reason in the table; an operation of the model that is not in the table fails.
 */
import { describe, expect, it } from 'vitest';
import { type OperationModel, serviceModel } from '../../src/model/service-model.js';

export interface MatrixAnswer {
  readonly status: number;
  /** Of an error. */
  readonly code: string | undefined;
  readonly body: unknown;
}

export type MatrixCall = (operation: string, input: object) => Promise<MatrixAnswer>;

/** A request and the code of the error that it gets; or why there is none. */
type Refusal = readonly [request: object, code: string] | string;

interface Pages {
  /** What is asked for besides limit and token. */
  readonly request: object;
  /** Member of the answer; there must be two or more items. */
  readonly items: string;
  readonly limit: string;
  readonly token: string;
}

export interface Row {
  readonly right: object;
  /** The code that a right request gets, where it can get nothing else. */
  readonly answer?: string;
  readonly missing: Refusal;
  readonly conflict: Refusal;
  readonly paged: Pages | string;
}

export interface Matrix {
  /** Of its table of operations. */
  readonly model: string;
  /** A server with what the rows name, and how it is called. */
  open(): Promise<MatrixCall>;
  /** The codes of a request that is not as the model says: it lacks a required member, it has one that is not known. */
  readonly invalid: readonly [lacking: string, unknown: string | undefined];
  readonly rows: Readonly<Record<string, Row>>;
  /** Operations that another table has. */
  readonly elsewhere?: readonly string[];
}

export function checkMatrix({ model: name, open, invalid, rows, elsewhere = [] }: Matrix): void {
  const { operations, shapes } = serviceModel(name);

  it(`the table has every operation of ${name}`, () => {
    expect([...Object.keys(rows), ...elsewhere].sort()).toEqual(Object.keys(operations).sort());
  });

  describe.each(Object.entries(rows))('%s', (operation, { right, answer, missing, conflict, paged }) => {
    it('is answered if it is right, and refused if it is not', async () => {
      const call = await open();
      const [lacking, unknown] = invalid;

      for (const refusal of [missing, conflict]) {
        if (typeof refusal === 'string') continue;
        const [request, code] = refusal;
        const { status, code: received } = await call(operation, request);
        expect([status >= 400 && status < 500, received]).toEqual([true, code]);
      }
      for (const member of requiredOf(operations[operation]!)) {
        const { [member]: _, ...rest } = right as Record<string, unknown>;
        expect([member, (await call(operation, rest)).code]).toEqual([member, lacking]);
      }
      if (unknown !== undefined) expect((await call(operation, { ...right, Unknown: '1' })).code).toBe(unknown);
      const { status, code, body } = await call(operation, right);
      if (answer === undefined) expect([status, body]).toEqual([200, body]);
      else expect(code).toBe(answer);
    });

    it.runIf(typeof paged !== 'string')('comes in pages', async () => {
      const call = await open();
      const { request, items, limit, token } = paged as Pages;

      const page = async (more: object = {}) =>
        (await call(operation, { ...request, ...more })).body as Readonly<Record<string, unknown>>;
      const whole = (await page())[items] as readonly unknown[];
      const pages: unknown[] = [];
      let next: unknown;
      do {
        const body = await page({ [limit]: 1, ...(next !== undefined && { [token]: next }) });
        pages.push(body[items]);
        next = body[token];
      } while (next !== undefined);

      expect(whole.length).toBeGreaterThan(1);
      expect(pages).toEqual(whole.map((item) => [item]));
      const foreign = await call(operation, { ...request, [limit]: 1, [token]: 'none' });
      expect(foreign.code).toMatch(/^(?:Validation|InvalidParameter)/);
    });
  });

  function requiredOf({ input }: OperationModel): readonly string[] {
    return (input === undefined ? undefined : shapes[input]?.required) ?? [];
  }
}
