/**
 * Where things stand in linear memory: the one picture that the kernels (AssemblyScript) and the TypeScript around them
 * share. Every constant is an address in bytes, or a value that stands there. Records are in records.ts.
 *
 *   0        1024          2048            4096
 *   | errors | control     | settings      | arena: whatever TypeScript allocates …
 */

/** What has gone wrong in a helper thread, as text that ends with a zero. */
export const FAILURE_TEXT = 64;
export const FAILURE_TEXT_BYTES = 448;

// Control block: one cache line for each word that threads contend for.
/** Number of the running phase × 256 + the helper threads that take part in it. */
export const EPOCH = 1024;
/** Helper threads that have finished the phase. */
export const DONE = 1088;
/** Helper threads that are ready to work. */
export const ARRIVED = 1152;
/** Next task of the phase to be taken. */
export const NEXT_TASK = 1216;

// Phase: what runs now.
export const COMMAND = 1280;
export const TASK_COUNT = 1284;
export const TASKS = 1288;
/** Not 0 once a helper has failed: its part of the phase will never be done. */
export const FAILED = 1292;

// Commands.
export const EXIT = 0;
export const SKETCH = 1;
export const SORT = 2;
export const BIN = 3;
export const GRADIENTS = 4;
export const PREPARE = 5;
export const BUILD = 6;
export const SUM = 7;
export const SCAN = 8;
export const PARTITION = 9;
export const ADD_LEAVES = 10;
export const WALK = 11;
export const ADD_SPLITS = 12;
export const COUNT_VALUES = 13;
export const BIN_SPARSE = 14;
export const BIN_ENTRIES = 15;
export const CHECK_BUNDLES = 16;
export const SKETCH_ENTRIES = 17;

/** Settings: 4-byte words unless marked f64. */
export const ROWS = 2048;
export const COLUMNS = 2052;
/** Bytes from one row to the next in the row-major bins. */
export const ROW_STRIDE = 2056;
/** Bytes of a bin: 1 or 2; 0 for sparse rows. */
export const BIN_BYTES = 2060;
/** Row-major bins; for sparse rows the entries: u32 global bin ids, ascending within a row. */
export const ROW_BINS = 2064;
/** Column-major bins, u8 or u16; 0 when there is none. */
export const COLUMN_BINS = 2068;
export const COLUMN_STRIDE = 2072;
/** Bytes of a column-major bin. */
export const COLUMN_BIN_BYTES = 2076;
/** Sparse: [rows + 1] u32, first entry of each row. */
export const ROW_STARTS = 2080;
export const SHARD_ROWS = 2084;
export const SHARDS = 2088;
/** [nodes × shards] (begin, end) u32 positions within the shard of the rows in use. */
export const SEGMENTS = 2092;
/** The same for rows left out by sampling. */
export const OUT_SEGMENTS = 2096;
/** [rows] u16 row numbers within the shard; a node of even depth has its rows in A, of odd depth in B. */
export const ORDER_A = 2100;
export const ORDER_B = 2104;
/** [rows] (gradient, hessian) f32 pairs of the tree being grown, rounded to the grid: the first limb of them. */
export const TREE_GRADIENTS = 2108;
/** [rows × groups] (gradient, hessian) f32 pairs as the objective gave them. */
export const RAW_GRADIENTS = 2112;
export const GROUPS = 2116;
export const GROUP = 2120;
/** Bytes of one histogram, all its limbs. */
export const HISTOGRAM_BYTES = 2124;
/** [threads × localCount] histograms of parts of nodes, and [threads × localCount] u32 marks of those in use. */
export const LOCAL_HISTOGRAMS = 2128;
export const LOCAL_COUNT = 2132;
export const LOCAL_USED = 2136;
/** [columns] column records. */
export const COLUMN_RECORDS = 2140;
/** [features] feature records, ordered by column. */
export const FEATURE_RECORDS = 2144;
/** Number of f32 margins a row is GROUPS. */
export const MARGINS = 2148;
export const LABELS = 2152;
/** [rows] f32, or 0: all weights are 1. */
export const WEIGHTS = 2156;
/** Threads that may take part, the caller's included. */
export const THREADS = 2160;
/** [threads] (max |gradient|, max |hessian|) f64 pairs. */
export const MAXIMA = 2164;
/** Which gradient formula GRADIENTS evaluates: one of the LOSS_ constants. */
export const LOSS = 2168;
/** How PREPARE samples rows: one of the SAMPLE_ constants below. */
export const SAMPLING = 2172;
export const SAMPLE_SEED = 2176;
/** Uniform: keep a row when its 32 random bits are below this; f64. */
export const SAMPLE_LIMIT = 2184;
/** By gradient: a row is kept with probability √(g² + 0.1h²) ÷ this; f64. */
export const SAMPLE_THRESHOLD = 2192;
/** Limbs that the gradients of the tree being grown consist of, ≥ 1; see limbs.ts. */
export const LIMBS = 2200;
/** [limbs] limb records. */
export const LIMB_RECORDS = 2204;
/** Bytes of one limb of a histogram. */
export const LIMB_BYTES = 2208;
/** Byte offset of the limbs of the left side's sums in a result of SCAN. */
export const RESULT_LIMBS = 2212;
export const SCALE_POSITIVE = 2216;
/** Whether any feature has a monotone constraint, L1 or a largest step, so that the plain formula does not do. */
export const GENERAL_GAIN = 2224;
export const HAS_MONOTONE = 2228;
export const MAX_CATEGORY_ONE_HOT = 2232;
export const MAX_CATEGORY_THRESHOLD = 2236;
/** f64 each. */
export const LAMBDA = 2240;
export const ALPHA = 2248;
export const MIN_CHILD_WEIGHT = 2256;
export const MAX_DELTA_STEP = 2264;
/** Per thread: scratch of SCRATCH_BYTES each. */
export const SCRATCH = 2272;
export const SCRATCH_BYTES = 2276;
/** Bytes at the end of a thread's scratch for sorting categories. */
export const SORT_BYTES = 2384;
/** 32-bit words of a category set behind each scan result. */
export const CATEGORY_WORDS = 2280;
/** WALK: tree records and whose margins get the values. */
export const TREE_RECORDS = 2288;

/** The objective has written the gradients itself. */
export const LOSS_GIVEN = 0;
export const LOSS_SQUARED_ERROR = 1;
export const LOSS_LOGISTIC = 2;
export const LOSS_SOFTMAX = 3;

export const SAMPLE_ALL = 0;
export const SAMPLE_UNIFORM = 1;
export const SAMPLE_BY_GRADIENT = 2;

/** First byte free for TypeScript to allocate. */
export const ARENA_START = 4096;

/** Entries from one column's histogram to the next when bins are bytes; not a power of two, or equal bins of different columns would share a cache set. */
export const BYTE_COLUMN_ENTRIES = 264;

// Cut finding: settings of SKETCH, SORT and BIN.
/** [rows × features] f32 of the block at hand. */
export const BLOCK = 2304;
export const BLOCK_ROWS = 2308;
/** Row of the dataset that the block starts at. */
export const BLOCK_FIRST_ROW = 2312;
export const FEATURES = 2316;
/** [features] sketch records. */
export const SKETCHES = 2320;
/** [features + 1] u32 first cut of each feature, and the f32 cuts. */
export const CUT_STARTS = 2324;
export const CUTS = 2328;
/** [features] bin records: where a feature's bins go. */
export const BIN_RECORDS = 2332;
/** Sparse blocks: [entries] u32 features beside the f32 values in BLOCK. */
export const BLOCK_FEATURES = 2356;
/** SKETCH_ENTRIES: [rows + 1] u32 first entry of each row of the block. */
export const BLOCK_STARTS = 2388;
/** BIN_ENTRIES: number in the dataset of the block's first entry. */
export const BLOCK_FIRST_ENTRY = 2360;
/** [features × SAMPLE_CAPACITY] f32: the sample of each feature's values. */
export const SAMPLE = 2336;
export const SAMPLE_CAPACITY = 2340;
/** The same shape, u8: levels of their rows; 0 when there is room for all rows. */
export const SAMPLE_LEVELS = 2380;
/** The same shape, f32, or 0: all weights are 1. */
export const SAMPLE_WEIGHTS = 2344;
/** [rows of the block] f32, or 0. */
export const BLOCK_WEIGHTS = 2364;
/** [rows of the block] u8 levels: leading zeros of a hash of the row's number; one row in 2^level is at `level` or above. */
export const BLOCK_LEVELS = 2368;
/** [candidates] bundle candidate records, and their number. */
export const CANDIDATES = 2372;
export const CANDIDATE_COUNT = 2376;
/** Most bins a feature gets. */
export const MAX_BIN = 2348;
/** [features × MAX_BIN] f32: the cuts SORT finds. */
export const FOUND_CUTS = 2352;

/** Margins that PREPARE holds what rounding takes from gradients against: [rows × groups] f32. */
export const PREPARED_MARGINS = 2392;
/** PREPARE sets this to 1 when rounding took from a row what matters. */
export const IS_LOSSY = 2396;
/** What matters of gradients and of hessians; f64 each, see prepare.ts. */
export const GRADIENT_TOLERANCE = 2400;
export const HESSIAN_TOLERANCE = 2408;
/** 0 when PREPARE need not look: nothing that rounding takes can matter. */
export const MAY_LOSE = 2416;
