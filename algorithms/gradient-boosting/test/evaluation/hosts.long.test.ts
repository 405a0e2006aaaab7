import './hosts.test.js';
