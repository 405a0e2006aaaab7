/** The long run of the properties there. */
import './unpack.test.js';
