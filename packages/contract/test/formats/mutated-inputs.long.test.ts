/** The long run of the properties there. */
import './mutated-inputs.test.js';
