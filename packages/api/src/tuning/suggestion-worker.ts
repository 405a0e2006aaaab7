/** The thread of `openSuggestions`: answers each request with the next hyperparameters. */
import { parentPort } from 'node:worker_threads';
import type { SuggestionAnswer, SuggestionRequest } from './suggestions.js';
import { nextHyperparameters } from './tuning-step.js';

parentPort!.on('message', ({ id, plan, trials }: SuggestionRequest) => {
  let answer: SuggestionAnswer;
  try {
    answer = { id, hyperparameters: nextHyperparameters(plan, trials) };
  } catch (error) {
    answer = { id, error };
  }
  parentPort!.postMessage(answer);
});
