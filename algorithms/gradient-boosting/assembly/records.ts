/**
 * Records in linear memory: what tasks, columns, nodes and results consist of. Every constant is a byte offset within
 * its record, of a 4-byte word unless marked, or the record's size. Shared by the kernels and TypeScript, as layout.ts is.
 */

// Column record.
/** Byte offset of the column in a histogram. */
export const COLUMN_HISTOGRAM = 0;
/** Histogram entries in use, the missing bin included. */
export const COLUMN_ENTRIES = 4;
/** Its feature records: first and end index. */
export const COLUMN_FIRST_FEATURE = 8;
export const COLUMN_END_FEATURE = 12;
export const COLUMN_RECORD_BYTES = 16;

// Feature record.
export const FEATURE_INDEX = 0;
/** 0 numeric, 1 categorical, 2 one bin of a bundle against all others. */
export const FEATURE_KIND = 4;
/** Bins without the missing one; for kind 2 the feature's bin in the bundle. */
export const FEATURE_BINS = 8;
/** −1, 0 or 1. */
export const FEATURE_MONOTONE = 12;
export const FEATURE_RECORD_BYTES = 16;

export const NUMERIC = 0;
export const CATEGORICAL = 1;
export const BUNDLED = 2;

// Node record, for split search.
export const NODE_GRADIENT = 0;
export const NODE_HESSIAN = 8;
export const NODE_GAIN = 16;
export const NODE_LOWER = 20;
export const NODE_UPPER = 24;
/** [features] u8, 1 = may be split on; 0 = all may. */
export const NODE_MASK = 28;
/** [limbs] (gradient, hessian) f64 pairs of the node's sums; only with more than one limb. */
export const NODE_LIMBS = 32;
export const NODE_RECORD_BYTES = 40;

// Task of BUILD: sums over the rows of a node in some shards.
export const BUILD_NODE = 0;
export const BUILD_ORDER = 4;
/** The node's histogram. */
export const BUILD_TARGET = 8;
/** Number of the node among those whose rows are divided among threads, from 1; 0 when they are not. */
export const BUILD_LOCAL = 12;
export const BUILD_FIRST_SHARD = 16;
export const BUILD_END_SHARD = 20;
/** 1 when the node holds every row of its shards in order (the root without sampling). */
export const BUILD_ALL_ROWS = 24;
/** 1 when rows lie so far apart that they are to be touched ahead of use. */
export const BUILD_SCATTERED = 28;
export const BUILD_TASK_BYTES = 32;

// Task of SCAN: best split of a node and, when SCAN_OTHER is given, of its sibling, whose histogram is other − child.
export const SCAN_CHILD = 0;
export const SCAN_OTHER = 4;
export const SCAN_CHILD_NODE = 8;
export const SCAN_OTHER_NODE = 12;
export const SCAN_CHILD_RESULT = 16;
export const SCAN_OTHER_RESULT = 20;
export const SCAN_FIRST_COLUMN = 24;
export const SCAN_END_COLUMN = 28;
/** 1 when the sibling's histogram is to be left in the parent's place; 0 when it will not be read again. */
export const SCAN_KEEPS_OTHER = 32;
/** Number of the child among the divided nodes, from 1, so that helpers' histograms must be added; 0 when it is none. */
export const SCAN_LOCAL = 36;
export const SCAN_TASK_BYTES = 40;

// Result of SCAN; the category set follows.
export const RESULT_LEFT_GRADIENT = 0;
export const RESULT_LEFT_HESSIAN = 8;
export const RESULT_RIGHT_GRADIENT = 16;
export const RESULT_RIGHT_HESSIAN = 24;
export const RESULT_GAIN = 32;
export const RESULT_FEATURE = 36;
/** First bin that goes right; for a one-hot category the category. */
export const RESULT_BIN = 40;
export const RESULT_DEFAULT_LEFT = 44;
export const RESULT_CATEGORIES = 48;

// Task of PACK and UNPACK: the histogram of a node, and its place among those that hosts exchange.
export const EXCHANGE_HISTOGRAM = 0;
export const EXCHANGE_PACKED = 4;
/** As SCAN_LOCAL. */
export const EXCHANGE_LOCAL = 8;
export const EXCHANGE_TASK_BYTES = 12;

// Split record, of PARTITION and ADD_SPLITS.
export const SPLIT_NODE = 0;
export const SPLIT_LEFT = 4;
export const SPLIT_RIGHT = 8;
/** Depth of the node, modulo 2. */
export const SPLIT_ORDER = 12;
export const SPLIT_COLUMN = 16;
/** A row goes right when bin − low < width (unsigned) … */
export const SPLIT_LOW = 20;
export const SPLIT_WIDTH = 24;
/** … or, when this is not 0, when bit `bin` of this set is 1. */
export const SPLIT_SET = 28;
export const SPLIT_LEFT_VALUE = 32;
export const SPLIT_RIGHT_VALUE = 36;
export const SPLIT_RECORD_BYTES = 40;

// Task of PARTITION and ADD_SPLITS.
export const PART_SPLIT = 0;
export const PART_FIRST_SHARD = 4;
export const PART_END_SHARD = 8;
export const PART_TASK_BYTES = 12;

// Task of ADD_LEAVES.
export const LEAF_NODE = 0;
export const LEAF_ORDER = 4;
export const LEAF_FIRST_SHARD = 8;
export const LEAF_END_SHARD = 12;
export const LEAF_VALUE = 16;
export const LEAF_TASK_BYTES = 20;

// Task of SKETCH, BIN, GRADIENTS, PREPARE and WALK: a range (columns, rows or shards) and where the data is.
export const RANGE_BEGIN = 0;
export const RANGE_END = 4;
export const RANGE_BYTES = 8;

// Tree record of WALK.
export const WALK_LEFT = 0;
export const WALK_RIGHT = 4;
export const WALK_COLUMN = 8;
export const WALK_LOW = 12;
export const WALK_WIDTH = 16;
export const WALK_SET = 20;
export const WALK_VALUE = 24;
export const WALK_RECORD_BYTES = 28;

// Limb record: the grid of a limb of the gradients and where the rows' parts of it are.
/** Units of gradients and of hessians; f64 each. */
export const LIMB_GRADIENT_UNIT = 0;
export const LIMB_HESSIAN_UNIT = 8;
/** [rows] (gradient, hessian) f32 pairs. */
export const LIMB_GRADIENTS = 16;
export const LIMB_RECORD_BYTES = 32;
/** Limbs at most: enough for every float32, whatever the number of rows. */
export const MAX_LIMBS = 16;
/** Bytes of the lists of limbs in a thread's scratch. */
export const LIMB_LISTS_BYTES = 1280; // 5 lists of MAX_LIMBS pairs of f64

// Sketch record: exact facts about a feature, its distinct values as long as they are few, and where its sample is at.
/** Missing values in dense rows. */
export const SKETCH_MISSING = 0;
export const SKETCH_MINIMUM = 4;
export const SKETCH_MAXIMUM = 8;
/** Distinct values in the table; above DISTINCT_LIMIT it is given up. */
export const SKETCH_DISTINCT = 12;
/** Cuts a feature may have; after SORT those it got. */
export const SKETCH_CUTS = 16;
/** Values in the sample. */
export const SKETCH_SAMPLED = 20;
/** Values of one row in 2^level are sampled. */
export const SKETCH_LEVEL = 24;
/** Values in sparse rows. */
export const SKETCH_PRESENT = 28;
export const SKETCH_TABLE = 32;
/** Slots of the hash table of f32 bit patterns. */
export const DISTINCT_SLOTS = 1024;
export const SKETCH_RECORD_BYTES = 32 + 4 * 1024;
/** A feature with more distinct values than this is cut by its sample. */
export const DISTINCT_LIMIT = 512;

// Bundle candidate record.
export const CANDIDATE_FEATURE = 0;
export const CANDIDATE_BUNDLE = 4;
/** Set when the feature and an earlier one of its bundle are above zero in one row. */
export const CANDIDATE_BROKEN = 8;
export const CANDIDATE_RECORD_BYTES = 12;

// Bin record.
export const BIN_COLUMN = 0;
export const BIN_KIND = 4;
/** Bin of a missing value. */
export const BIN_MISSING = 8;
/** Bundled: the bin a value at or above the cut gets. Categorical: the bin of a category not seen in training. */
export const BIN_CODE = 12;
export const BIN_RECORD_BYTES = 16;
