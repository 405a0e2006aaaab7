/** The long run of the properties there. */
import './parquet-damage.test.js';
