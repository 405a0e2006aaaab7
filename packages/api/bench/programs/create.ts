/** Asks a server for training jobs, one after the other, and checks each answer: `node create.js URL COUNT`. */
import { requestHeaders, trainingJobRequest } from './job-request.js';

const [url, count] = process.argv.slice(2);
const headers = requestHeaders('CreateTrainingJob');
for (let i = 0; i < Number(count); i++) {
  const response = await fetch(url!, { method: 'POST', headers, body: JSON.stringify(trainingJobRequest(i)) });
  const text = await response.text();
  if (!response.ok) throw new Error(`CreateTrainingJob must answer 200; received ${response.status} ${text}`);
}
