/** The long run of the properties there. */
import './pipe-objects.test.js';
