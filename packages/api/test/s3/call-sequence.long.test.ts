/** The long run of the properties there. */
import './call-sequence.test.js';
