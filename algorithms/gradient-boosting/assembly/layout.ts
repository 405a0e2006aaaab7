/**
 * The layout of linear memory, shared by the kernels (AssemblyScript) and the TypeScript around them. Records are in
 * records.ts.
 *
 *   0        1024            2048    3072    4096
 *   |        | control block | words | reals | arena: whatever TypeScript allocates …
 */

/** The thread pool's control block. */
export const CONTROL = 1024;

// Commands of phases.
export const SKETCH = 1;
export const SKETCH_ENTRIES = 2;
export const SORT = 3;
export const CHECK_BUNDLES = 4;
export const BIN = 5;
export const COUNT_VALUES = 6;
export const BIN_SPARSE = 7;
export const BIN_ENTRIES = 8;
export const GRADIENTS = 9;
export const PREPARE = 10;
export const BUILD = 11;
export const SCAN = 12;
export const PARTITION = 13;
export const ADD_SPLITS = 14;
export const ADD_LEAVES = 15;
export const WALK = 16;
export const PACK = 17;
export const UNPACK = 18;

// --- settings of 4 bytes: numbers and addresses ---

// The running phase.
/** Task records of the running phase. */
export const TASKS = 2048;
/** Threads that may take part, the caller's included. */
export const THREADS = 2052;

// Binned rows.
export const ROWS = 2056;
export const COLUMNS = 2060;
/** Bytes from one row to the next in the row-major bins. */
export const ROW_STRIDE = 2064;
/** Bytes of a bin: 1 or 2; 0 for sparse rows. */
export const BIN_BYTES = 2068;
/** Row-major bins; for sparse rows the entries: u32 global bin ids, ascending within a row. */
export const ROW_BINS = 2072;
/** Column-major bins, u8 or u16; 0 when there is none. */
export const COLUMN_BINS = 2076;
export const COLUMN_STRIDE = 2080;
/** Bytes of a column-major bin. */
export const COLUMN_BIN_BYTES = 2084;
/** Sparse: [rows + 1] u32, first entry of each row. */
export const ROW_STARTS = 2088;
/** [columns] column records. */
export const COLUMN_RECORDS = 2092;
/** [features] feature records, ordered by column. */
export const FEATURE_RECORDS = 2096;

// Rows of nodes.
export const SHARD_ROWS = 2100;
export const SHARDS = 2104;
/** [nodes × shards] (begin, end) u32 positions within the shard of the rows in use. */
export const SEGMENTS = 2108;
/** The same for rows left out by sampling. */
export const OUT_SEGMENTS = 2112;
/** [rows] u16 row numbers within the shard; a node of even depth has its rows in A, of odd depth in B. */
export const ORDER_A = 2116;
export const ORDER_B = 2120;

// Gradients and margins.
/** [rows] (gradient, hessian) f32 pairs of the tree being grown, rounded to the grid: the first limb of them. */
export const TREE_GRADIENTS = 2124;
/** [rows × groups] (gradient, hessian) f32 pairs as the objective gave them. */
export const RAW_GRADIENTS = 2128;
export const GROUPS = 2132;
export const GROUP = 2136;
/** [rows × groups] f32. */
export const MARGINS = 2140;
export const LABELS = 2144;
/** [rows] f32, or 0: all weights are 1. */
export const WEIGHTS = 2148;
/** [threads] (max |gradient|, max |hessian|) f64 pairs. */
export const MAXIMA = 2152;
/** Which gradient formula GRADIENTS evaluates: one of the LOSS_ constants. */
export const LOSS = 2156;
/** Limbs that the gradients of the tree being grown consist of, ≥ 1; see limbs.ts. */
export const LIMBS = 2160;
/** [limbs] limb records. */
export const LIMB_RECORDS = 2164;
/** PREPARE: [shards × limbs] (gradient, hessian) f64 sums over the rows in use. */
export const ROOT_SUMS = 2168;
/** Margins that PREPARE holds what rounding takes from gradients against: [rows × groups] f32. */
export const PREPARED_MARGINS = 2172;
/** PREPARE sets this to 1 when rounding took from a row what matters. */
export const IS_LOSSY = 2176;
/** 0 when PREPARE need not look: nothing that rounding takes can matter. */
export const MAY_LOSE = 2180;
/** How PREPARE samples rows: one of the SAMPLE_ constants below. */
export const SAMPLING = 2184;
export const SAMPLE_SEED = 2188;

// Histograms.
/** Bytes of one histogram, all its limbs. */
export const HISTOGRAM_BYTES = 2192;
/** Bytes of one limb of a histogram. */
export const LIMB_BYTES = 2196;
/** [helpers × localCount] histograms of parts of nodes, and [threads × localCount] u32 marks of those in use. */
export const LOCAL_HISTOGRAMS = 2200;
export const LOCAL_COUNT = 2204;
export const LOCAL_USED = 2208;

// Split search.
/** Whether any feature has a monotone constraint, L1 or a maximum step, so that the plain formula is not enough. */
export const GENERAL_GAIN = 2212;
export const HAS_MONOTONE = 2216;
export const MAX_CATEGORY_ONE_HOT = 2220;
export const MAX_CATEGORY_THRESHOLD = 2224;
/** Per thread: scratch of SCRATCH_BYTES each. */
export const SCRATCH = 2228;
export const SCRATCH_BYTES = 2232;
/** Bytes at the end of a thread's scratch for sorting categories. */
export const SORT_BYTES = 2236;
/** 32-bit words of a category set behind each scan result. */
export const CATEGORY_WORDS = 2240;
/** Byte offset of the limbs of the left side's sums in a result of SCAN. */
export const RESULT_LIMBS = 2244;
/** WALK: tree records and whose margins get the values. */
export const TREE_RECORDS = 2248;

// Cuts and bins: SKETCH, SORT, BIN and those of sparse rows.
/** [rows × features] f32 of the block at hand. */
export const BLOCK = 2252;
export const BLOCK_ROWS = 2256;
/** Row of the dataset that the block starts at. */
export const BLOCK_FIRST_ROW = 2260;
/** Sparse blocks: [entries] u32 features, with the f32 values in BLOCK. */
export const BLOCK_FEATURES = 2264;
/** SKETCH_ENTRIES: [rows + 1] u32 first entry of each row of the block. */
export const BLOCK_STARTS = 2268;
/** BIN_ENTRIES: number in the dataset of the block's first entry. */
export const BLOCK_FIRST_ENTRY = 2272;
/** [rows of the block] f32, or 0. */
export const BLOCK_WEIGHTS = 2276;
/** [rows of the block] u8 levels: leading zeros of a hash of the row's number; one row in 2^level is at `level` or above. */
export const BLOCK_LEVELS = 2280;
export const FEATURES = 2284;
/** [features] sketch records. */
export const SKETCHES = 2288;
/** [features × SAMPLE_CAPACITY] f32: the sample of each feature's values. */
export const SAMPLE = 2292;
export const SAMPLE_CAPACITY = 2296;
/** The same shape, u8: levels of their rows; 0 when there is room for all rows. */
export const SAMPLE_LEVELS = 2300;
/** The same shape, f32, or 0: all weights are 1. */
export const SAMPLE_WEIGHTS = 2304;
/** Maximum bins of a feature. */
export const MAX_BIN = 2308;
/** [features × MAX_BIN] f32: the cuts SORT finds. */
export const FOUND_CUTS = 2312;
/** [features + 1] u32 first cut of each feature, and the f32 cuts. */
export const CUT_STARTS = 2316;
export const CUTS = 2320;
/** [features] bin records: where a feature's bins go. */
export const BIN_RECORDS = 2324;
/** [candidates] bundle candidate records, and their number. */
export const CANDIDATES = 2328;
export const CANDIDATE_COUNT = 2332;

// Several hosts.
/** Random bits depend on a row's number among those of all hosts: row + ROWS_BEFORE, from TURN_ROW on row + ROWS_BEHIND. */
export const ROWS_BEFORE = 2336;
export const TURN_ROW = 2340;
export const ROWS_BEHIND = 2344;
/** PACK and UNPACK: ranges of bytes of a limb of a histogram, and their number. */
export const EXCHANGED = 2348;
export const EXCHANGED_COUNT = 2352;

// --- settings of 8 bytes: float64 ---

/** Factor of the weight of rows whose label is 1. */
export const SCALE_POSITIVE = 3072;
export const LAMBDA = 3080;
export const ALPHA = 3088;
export const MIN_CHILD_WEIGHT = 3096;
export const MAX_DELTA_STEP = 3104;
/** Uniform: keep a row when its 32 random bits are below this. */
export const SAMPLE_LIMIT = 3112;
/** By gradient: a row is kept with probability √(g² + 0.1h²) ÷ this. */
export const SAMPLE_THRESHOLD = 3120;
/** What matters of gradients and of hessians; see prepare.ts. */
export const GRADIENT_TOLERANCE = 3128;
export const HESSIAN_TOLERANCE = 3136;

/** First byte that TypeScript may allocate. */
export const ARENA_START = 4096;

// --- values of settings ---

// LOSS.
/** The objective has written the gradients itself. */
export const LOSS_GIVEN = 0;
export const LOSS_SQUARED_ERROR = 1;
export const LOSS_LOGISTIC = 2;
export const LOSS_SOFTMAX = 3;

// SAMPLING.
export const SAMPLE_ALL = 0;
export const SAMPLE_UNIFORM = 1;
export const SAMPLE_BY_GRADIENT = 2;

/**
 * Entries from one column's histogram to the next when bins are bytes; not a power of two, or equal bins of different
 * columns would share a cache set.
 */
export const BYTE_COLUMN_ENTRIES = 264;
