/** The long run of the properties there. */
import './csv-property.test.js';
