/** The long run of the properties there. */
import './libsvm-property.test.js';
