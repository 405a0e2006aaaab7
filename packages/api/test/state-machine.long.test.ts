import './state-machine.test.js';
