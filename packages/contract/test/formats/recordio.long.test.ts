/** The long run of the properties there. */
import './recordio.test.js';
