/** Every number that is read equals JavaScript's Number(text) to the last bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvBuffer } from '../../src/formats/csv/read-csv-buffer.js';

const policy = { missingValues: 'accept', infiniteValues: 'accept' } as const;

/** Checks all texts together, each in the middle, with blanks around it, and at the end of a line; -0 and 0 differ. */
function expectExact(texts: readonly string[]): void {
  const body = texts.map((text) => `${text}, ${text} ,${text}`).join('\n');
  const { features } = readCsvBuffer(Buffer.from(body), { policy, featureCount: 3 });
  const wrong = texts.flatMap((text, index) => {
    const read = [...features.subarray(3 * index, 3 * index + 3)];
    return read.every((value) => Object.is(value, Number(text))) ? [] : [[text, ...read]];
  });
  expect(features.length).toBe(3 * texts.length);
  expect(wrong).toEqual([]);
}

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });

describe('the CSV number parser', () => {
  it('reads difficult cases like Number', () => {
    expectExact([
      ...[
        '0',
        '-0',
        '+0',
        '0.0',
        '-0.0',
        '1.',
        '.5',
        '+.5',
        '-.5',
        '+3',
        '1e5',
        '1E5',
        '1e+5',
        '1e-5',
        '00012',
        '-007.50',
      ],
      ...['9007199254740993', '9007199254740992', '9007199254740991', '900719925474099.25', '90071992547409935e-1'],
      ...[
        '1e22',
        '1e23',
        '8.5e22',
        '123456789012345678',
        '1234567890123456789',
        '12345678901234567890',
        '18446744073709551615',
      ],
      ...[
        '18446744073709551616',
        '0.000000000000000000000000000000000000012345678901234567890',
        `0.${'0'.repeat(400)}1e400`,
      ],
      ...[
        '4.9e-324',
        '5e-324',
        '2.4703282292062327e-324',
        '2.4703282292062328e-324',
        '2.47e-324',
        '1e-400',
        '0e999',
        '-0e-999',
      ],
      ...[
        '2.2250738585072011e-308',
        '2.2250738585072014e-308',
        '2.225073858507201136057409796709131975934819546351645648e-308',
      ],
      ...[
        '1.7976931348623157e308',
        '1.7976931348623158e308',
        '1.797693134862315807e308',
        '1.7976931348623159e308',
        '1e309',
        '-1e309',
      ],
      ...[`1${'0'.repeat(308)}`, `1${'0'.repeat(309)}`, `${'9'.repeat(700)}e-600`, '1e99999999999', '1e-99999999999'],
      ...[
        '1.00000000000000011102230246251565404236316680908203125',
        '1.00000000000000011102230246251565404236316680908203124',
      ],
      ...[
        '1.00000000000000011102230246251565404236316680908203126',
        '9007199254740993.00000000000000000000000000000000001',
      ],
      ...[
        '6929495644600919.5',
        '3.518437208883201171875e13',
        '62.5364939768271845828',
        '8.10109172351e-10',
        '1.50000000000000011102230246251565',
      ],
    ]);
  });

  it('reads literals of 1 to 40 characters like Number', () => {
    const sign = fc.constantFrom('', '', '-', '+');
    const mantissa = fc.oneof(
      digits(1, 25),
      fc.tuple(digits(0, 12), digits(1, 25)).map((parts) => parts.join('.')),
      digits(1, 25).map((text) => `${text}.`),
    );
    const exponent = fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.integer({ min: -345, max: 330 }).map((value) => `e${value}`),
      fc.tuple(fc.constantFrom('e', 'E'), sign, digits(1, 4)).map((parts) => parts.join('')),
    );
    const literal = fc.tuple(sign, mantissa, exponent).map((parts) => parts.join(''));

    fc.assert(fc.property(fc.array(literal, { minLength: 50, maxLength: 400 }), expectExact), {
      seed: 11,
      numRuns: 400,
    });
  });

  it('round-trips every double in shortest, 17-digit and fixed notation', () => {
    const doubles = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    );
    const check = (values: readonly number[]) =>
      expectExact(
        values.flatMap((value) => [
          `${value}`,
          value.toExponential(16),
          value.toExponential(18),
          value.toPrecision(15),
          value.toFixed(6),
          value.toPrecision(21),
        ]),
      );

    fc.assert(fc.property(fc.array(doubles, { minLength: 50, maxLength: 400 }), check), { seed: 12, numRuns: 300 });
  });

  it('reads 14 to 20 digits with a point anywhere like Number', () => {
    const number = fc
      .tuple(fc.constantFrom('', '-'), fc.constantFrom('', '0.', '0.0', '0.00'), fc.nat(20), digits(14, 20))
      .map(
        ([sign, zeros, point, text]) => sign + (zeros ? zeros + text : `${text.slice(0, point)}.${text.slice(point)}`),
      );

    fc.assert(fc.property(fc.array(number, { minLength: 200, maxLength: 400 }), expectExact), {
      seed: 14,
      numRuns: 100,
    });
  });

  it('reads numbers of up to 19 digits as close to halfway between two doubles as there are, like Number', () => {
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.integer({ min: 1, max: 18 }),
        fc.integer({ min: -9, max: 4 }),
        fc.bigInt({ min: 1n << 53n, max: (1n << 54n) - 1n }),
        fc.bigInt({ min: -4n, max: 4n }),
      )
      .map(([sign, decimals, size, upper, distance]) => {
        const power = Math.max(0, Math.floor(Math.log2(5) * decimals) + size);
        return sign + nearHalfway(decimals, power, upper, distance);
      });

    fc.assert(fc.property(fc.array(number, { minLength: 200, maxLength: 400 }), expectExact), {
      seed: 15,
      numRuns: 100,
    });
  });

  it('reads values halfway between two doubles, and just next to that, like Number', () => {
    const bits = fc.oneof(
      fc.bigInt({ min: 1n, max: 0x7fef_ffff_ffff_fffen }),
      fc.bigInt({ min: 1n, max: 0x001f_ffff_ffff_ffffn }),
      fc.bigInt({ min: 0x3c00_0000_0000_0000n, max: 0x4400_0000_0000_0000n }),
    );
    const check = (patterns: readonly bigint[]) => {
      expectExact(
        patterns.flatMap((pattern) => {
          const halfway = halfwayAbove(pattern);
          return [halfway, `${halfway}1`, `${halfway.replace(/[1-9]$/, (digit) => `${Number(digit) - 1}`)}9`];
        }),
      );
    };

    fc.assert(fc.property(fc.array(bits, { minLength: 1, maxLength: 20 }), check), { seed: 13, numRuns: 200 });
  });
});

/** The exact decimal expansion of the point between the double with these bits and the next one. */
function halfwayAbove(bits: bigint): string {
  const exponent = Number(bits >> 52n);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  // value = mantissa × 2^power, halfway = (2 × mantissa + 1) × 2^(power - 1)
  const power = Math.max(exponent, 1) - 1075 - 1;
  const odd = 2n * mantissa + 1n;
  if (power >= 0) return `${odd << BigInt(power)}.0`;
  const digits = (odd * 5n ** BigInt(-power)).toString().padStart(-power + 1, '0');
  return `${digits.slice(0, power)}.${digits.slice(power)}`;
}

/**
 * A number with 1 to 18 decimals that is off by distance / 2^(power + decimals) / 5^decimals from a number of 54 binary
 * digits, which is halfway between two doubles if its last digit is 1.
 * @param upper 54 bits; the lower `power` of them are replaced
 */
function nearHalfway(decimals: number, power: number, upper: bigint, distance: bigint): string {
  // The lower bits for which upper × 5^decimals + distance is a multiple of 2^power.
  const five = 5n ** BigInt(decimals);
  let inverse = five;
  while (BigInt.asUintN(power, five * inverse) !== BigInt.asUintN(power, 1n)) {
    inverse = BigInt.asUintN(power, inverse * (2n - five * inverse));
  }
  const lower = BigInt.asUintN(power, -distance * inverse);
  const mantissa = ((upper - BigInt.asUintN(power, upper) + lower) * five + distance) >> BigInt(power);
  const text = `${mantissa}`.padStart(decimals + 1, '0');
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}
