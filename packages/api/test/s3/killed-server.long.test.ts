/** The long run: ten kills. */
import './killed-server.test.js';
