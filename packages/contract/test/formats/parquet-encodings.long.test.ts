/** The long run of the properties there. */
import './parquet-encodings.test.js';
