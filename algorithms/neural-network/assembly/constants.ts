/**
 * The coefficients of elementary functions, in a table in the control block. V8 rebuilds a vector constant at each use,
 * with half a dozen instructions; a load that fills a vector with one number is a single one.
 */
import { controlBlock } from '@algo/numerics/assembly/threads';
import { CONSTANTS } from './layout';

// Where each is in the table, in bytes.
export const ONE: usize = 0;
export const TWO: usize = 4;
export const HALF: usize = 8;
export const MINUS_TWO: usize = 12;
export const MINUS_HALF: usize = 16;
/** The sign's bit. */
export const SIGN: usize = 20;

/** Smallest and largest argument of e^x, and the argument below which e^x − 1 is −1. */
export const EXP_LEAST: usize = 24;
export const EXP_MOST: usize = 28;
export const EXP_FLAT: usize = 32;
export const LOG2_E: usize = 36;
/** 1.5 · 2^23: adding it rounds to an integer, which is then in the low bits. */
export const ROUNDER: usize = 40;
/** −ln 2 in two parts; the first has 9 bits, so that a small integer times it is exact. */
export const LN2_HIGH: usize = 44;
export const LN2_LOW: usize = 48;
/** Polynomial of (e^r − 1 − r) ÷ r², from the highest power on: Cephes expf. */
export const EXP5: usize = 52;
export const EXP4: usize = 56;
export const EXP3: usize = 60;
export const EXP2: usize = 64;
export const EXP1: usize = 68;
export const EXP0: usize = 72;
/** Exponent of 1, an integer. */
export const BIAS: usize = 76;

/** √½, as bits; √2 − 1; and the polynomial of ln (1 + f): Cephes logf. */
export const ROOT_BITS: usize = 80;
export const ROOT: usize = 84;
export const LOG8: usize = 88;
export const LOG7: usize = 92;
export const LOG6: usize = 96;
export const LOG5: usize = 100;
export const LOG4: usize = 104;
export const LOG3: usize = 108;
export const LOG2: usize = 112;
export const LOG1: usize = 116;
export const LOG0: usize = 120;

/** Where erf changes from one polynomial to the other, and where it is 1: Juffa's coefficients. */
export const ERF_NEAR: usize = 124;
export const ERF_MOST: usize = 128;
export const FAR6: usize = 132;
export const FAR5: usize = 136;
export const FAR4: usize = 140;
export const FAR3: usize = 144;
export const FAR2: usize = 148;
export const FAR1: usize = 152;
export const FAR0: usize = 156;
export const NEAR5: usize = 160;
export const NEAR4: usize = 164;
export const NEAR3: usize = 168;
export const NEAR2: usize = 172;
export const NEAR1: usize = 176;
export const NEAR0: usize = 180;

/** √½, 1 ÷ √(2π), and where swish's slope is 0. */
export const ROOT_HALF: usize = 184;
export const DENSITY: usize = 188;
export const SWISH_FLAT: usize = 192;

/** Address of the table, for `all`. */
@inline
export function constants(): usize {
  return controlBlock() + CONSTANTS;
}

/** A vector of one constant. */
@inline
export function all(table: usize, at: usize): v128 {
  return v128.load32_splat(table + at);
}

/** Fills the table, once, before any kernel runs. */
export function writeConstants(): void {
  const t = constants();
  store<f32>(t + ONE, 1);
  store<f32>(t + TWO, 2);
  store<f32>(t + HALF, 0.5);
  store<f32>(t + MINUS_TWO, -2);
  store<f32>(t + MINUS_HALF, -0.5);
  store<u32>(t + SIGN, 0x80000000);
  store<f32>(t + EXP_LEAST, -104);
  store<f32>(t + EXP_MOST, 89);
  store<f32>(t + EXP_FLAT, -24);
  store<f32>(t + LOG2_E, 1.44269504);
  store<f32>(t + ROUNDER, 12582912);
  store<f32>(t + LN2_HIGH, -0.693359375);
  store<f32>(t + LN2_LOW, 2.1219444e-4);
  store<f32>(t + EXP5, 1.98756915e-4);
  store<f32>(t + EXP4, 1.3981999507e-3);
  store<f32>(t + EXP3, 8.3334519073e-3);
  store<f32>(t + EXP2, 4.1665795894e-2);
  store<f32>(t + EXP1, 1.6666665459e-1);
  store<f32>(t + EXP0, 5.0000001201e-1);
  store<i32>(t + BIAS, 127);
  store<u32>(t + ROOT_BITS, 0x3f3504f3);
  store<f32>(t + ROOT, 0.41421356);
  store<f32>(t + LOG8, 7.0376836292e-2);
  store<f32>(t + LOG7, -1.151461031e-1);
  store<f32>(t + LOG6, 1.167699874e-1);
  store<f32>(t + LOG5, -1.2420140846e-1);
  store<f32>(t + LOG4, 1.4249322787e-1);
  store<f32>(t + LOG3, -1.6668057665e-1);
  store<f32>(t + LOG2, 2.0000714765e-1);
  store<f32>(t + LOG1, -2.4999993993e-1);
  store<f32>(t + LOG0, 3.3333331174e-1);
  store<f32>(t + ERF_NEAR, 0.927734375);
  store<f32>(t + ERF_MOST, 4);
  store<f32>(t + FAR6, -1.7285347e-5);
  store<f32>(t + FAR5, 3.83197126e-4);
  store<f32>(t + FAR4, -3.88396438e-3);
  store<f32>(t + FAR3, 2.42546219e-2);
  store<f32>(t + FAR2, -1.06777877e-1);
  store<f32>(t + FAR1, -6.34846687e-1);
  store<f32>(t + FAR0, -1.28717512e-1);
  store<f32>(t + NEAR5, -5.96761703e-4);
  store<f32>(t + NEAR4, 4.99119423e-3);
  store<f32>(t + NEAR3, -2.67681349e-2);
  store<f32>(t + NEAR2, 1.12819925e-1);
  store<f32>(t + NEAR1, -3.76125336e-1);
  store<f32>(t + NEAR0, 1.28379166e-1);
  store<f32>(t + ROOT_HALF, 0.70710678);
  store<f32>(t + DENSITY, 0.39894228);
  store<f32>(t + SWISH_FLAT, -80);
}
