/** The long run of the properties there. */
import './parquet-objects.test.js';
