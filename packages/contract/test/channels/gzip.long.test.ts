/** The long run of the properties there. */
import './gzip.test.js';
