/** The long run of the properties there. */
import './float32-text.test.js';
import './float32-lines.test.js';
