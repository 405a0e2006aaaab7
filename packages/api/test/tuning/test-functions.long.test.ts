import './test-functions.test.js';
