/** Asks a server for training jobs, one after the other, and checks each answer: `node create.js URL COUNT`. */
import { trainingJobRequest } from './job-request.js';

const [url, count] = process.argv.slice(2);
const headers = {
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Target': 'SageMaker.CreateTrainingJob',
  Authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0',
};
for (let i = 0; i < Number(count); i++) {
  const response = await fetch(url!, { method: 'POST', headers, body: JSON.stringify(trainingJobRequest(i)) });
  const text = await response.text();
  if (!response.ok) throw new Error(`CreateTrainingJob must answer 200; received ${response.status} ${text}`);
}
