/** The long run of the properties there. */
import './mutations.test.js';
