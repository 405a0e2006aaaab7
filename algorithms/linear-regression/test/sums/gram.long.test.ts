/** The long run of the properties there. */
import './gram.test.js';
