/** The long run of the properties there. */
import './parquet.test.js';
