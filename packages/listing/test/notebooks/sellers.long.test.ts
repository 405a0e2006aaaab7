/** What the sellers' notebook does where its names are taken, in a real kernel with a boto3 that writes down its calls. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { notebookPython, runNotebook } from '../../src/index.js';
import { readNotebook, writtenNotebook } from '../../src/notebooks/notebook.js';
import { makeFolder } from '../support/folder.js';
import { ROOT } from '../support/product.js';

const BOTO3 = `
import json

class Client:
    class meta:
        region_name = "us-east-1"
    class exceptions:
        ClientError = RuntimeError

    def __init__(self, name):
        self.name = name

    def __getattr__(self, operation):
        def call(**what):
            with open("calls.txt", "a") as file:
                file.write(f"{operation} {json.dumps(what)}\\n")
            return {"Account": "000000000000", "Buckets": []}
        return call

def client(name):
    return Client(name)
`;

it('deletes nothing of an algorithm, repository or model that was there before it', async () => {
  const mine = ['algorithms/nearest-mean/mine.ts', 'sample-data/nearest-mean/mine.csv'];
  const repository = makeFolder({
    ...{ 'bin/npx': '#!/bin/sh\necho "is there already"\nexit 1\n', 'notebooks/sellers/boto3.py': BOTO3 },
    ...Object.fromEntries(mine.map((file) => [file, ''])),
  });
  chmodSync(join(repository, 'bin/npx'), 0o755);
  const folder = join(repository, 'notebooks/sellers');
  const file = join(folder, 'scikit_bring_your_own.ipynb');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, writtenNotebook(readNotebook(join(ROOT, 'notebooks/sellers/scikit_bring_your_own.ipynb'))));
  const python = await notebookPython(process.env, () => undefined);
  const variables = { ...python.variables, PATH: `${join(repository, 'bin')}:${python.variables.PATH}` };

  const running = runNotebook({
    ...{ file, python: { ...python, variables }, environment: process.env, isWritten: false },
    onCell: () => undefined,
    stop: new AbortController().signal,
  });

  await expect(running).rejects.toThrow(/cell 4 \(.*\): CalledProcessError: (?!(.|\n)*The clean-up failed)/);
  expect(mine.map((path) => existsSync(join(repository, path)))).toEqual([true, true]);
  const calls = readFileSync(join(folder, 'calls.txt'), 'utf8');
  expect(calls).toMatch(/^delete_endpoint \{"EndpointName": "nearest-mean-\d{10}"\}$/m);
  expect(calls).not.toMatch(/"nearest-mean"|delete_repository/);
});
