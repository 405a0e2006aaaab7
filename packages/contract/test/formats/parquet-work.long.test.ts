/** The long run of the properties there. */
import './parquet-work.test.js';
