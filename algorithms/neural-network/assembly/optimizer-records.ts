/**
 * Records of the optimizer in memory, for the kernel and the TypeScript around it. Offsets and sizes in bytes; words of
 * 4 bytes unless marked otherwise.
 */

/** Of the rule; RULE_RATE, RULE_CORRECTION and RULE_SCALE change from step to step. f32 unless marked. */
/** Adam: rate ÷ (1 − β1^t); descent: the rate. */
export const RULE_RATE = 0;
/** 1 ÷ √(1 − β2^t) */
export const RULE_CORRECTION = 4;
/** Factor of all gradients; `limitNorm` sets it. */
export const RULE_SCALE = 8;
/** 1 − rate · decay */
export const RULE_DECAY = 12;
export const RULE_L1 = 16;
export const RULE_L2 = 20;
export const RULE_BETA1 = 24;
export const RULE_BETA2 = 28;
/** 1 − β1, 1 − β2 */
export const RULE_SHARE1 = 32;
export const RULE_SHARE2 = 36;
export const RULE_EPSILON = 40;
export const RULE_MOMENTUM = 44;
export const RULE_CLIP_NORM = 48;
/** u32: 1 for adam, 0 for descent. */
export const RULE_IS_ADAM = 52;
/** u32: addresses of the tensor records and chunk records, number of chunks. */
export const RULE_TENSORS = 56;
export const RULE_CHUNKS = 60;
export const RULE_CHUNK_COUNT = 64;
export const RULE_BYTES = 72;

/** Of one weight tensor: addresses; a moment that is not kept has 0. */
export const TENSOR_WEIGHT = 0;
export const TENSOR_GRADIENT = 4;
export const TENSOR_FIRST_MOMENT = 8;
export const TENSOR_SECOND_MOMENT = 12;
export const TENSOR_IS_REGULARIZED = 16;
export const TENSOR_BYTES = 32;

/** Of one chunk: number of its tensor, first element, elements; f64 sum of squares. */
export const CHUNK_TENSOR = 0;
export const CHUNK_FIRST = 4;
export const CHUNK_COUNT = 8;
export const CHUNK_SQUARES = 16;
export const CHUNK_BYTES = 24;
