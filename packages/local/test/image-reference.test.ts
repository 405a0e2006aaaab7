import { describe, expect, it } from 'vitest';
import { isImageReference, openImageProgram } from '../src/index.js';

const HEX = 'ab'.repeat(32);

describe('the name of an image', () => {
  it.each([
    'sum',
    'sum:1.0.0',
    'localhost/sum',
    '127.0.0.1:4580/team/sum:1',
    `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/linear-regression@sha256:${HEX}`,
    `docker.io/library/node:24-trixie-slim@sha256:${HEX}`,
    'a__b/c--d/e_f.g:_1',
    HEX,
  ])('may be %s', (text) => {
    expect(isImageReference(text)).toBe(true);
  });

  it.each([
    '',
    '-h',
    '--help',
    '--privileged',
    '--volume=/:/host',
    'sum --privileged',
    'sum\n--privileged',
    '/etc/passwd',
    './sum',
    '../sum',
    'a/../b',
    'a//b',
    'sum:',
    'sum:-x',
    'sum:a/b',
    'sum@sha256:ab',
    `sum@md5:${HEX}`,
    'host:port/sum',
    'Sum',
    'http://host/sum',
    'dir:/etc',
    'süm',
    'a'.repeat(513),
  ])('may not be %j', async (text) => {
    expect(isImageReference(text)).toBe(false);
    const opened = openImageProgram({ engine: { name: 'podman', version: '1' }, image: text, folder: '.' });
    await expect(opened).rejects.toThrow('An image must be [HOST[:PORT]/]PATH[:TAG][@sha256:HEX]');
  });
});
