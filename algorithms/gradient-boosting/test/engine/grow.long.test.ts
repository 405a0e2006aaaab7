/** The long run of the properties there. */
import './grow.test.js';
