/** The long run of the properties there. */
import './archive.test.js';
