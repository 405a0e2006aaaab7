/** The long run of the property there. */
import './onnx.test.js';
