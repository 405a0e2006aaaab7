/**
 * Images with one fault each that only an image can have: all are the reference program on the image that ALGO_TEST_IMAGE names, which
 * has Node. Without the variable these tests are skipped.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findEngine, openImageProgram, removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkConformance, listRules, readConformanceProfile } from '../../src/index.js';
import { brokenOf } from '../scene.js';

const BASE = process.env.ALGO_TEST_IMAGE;
const REFERENCE = join(import.meta.dirname, '..', 'fixtures', 'reference');
const LABEL = 'com.amazonaws.sagemaker.capabilities.accept-bind-to-port="true"';
/** The rules that a fault of an image could touch. */
const RULES = listRules().filter(({ id }) => /^(launch|training|ping\.ready|isolation)/.test(id));

async function checkImage(fault = '') {
  const engine = await findEngine('run');
  const folder = mkdtempSync(join(tmpdir(), 'algo-image-'));
  const image = `localhost/algo-conformance-${process.pid}-${fault.replace('.', '-') || 'reference'}`;
  onTestFinished(async () => {
    await promisify(execFile)(engine.name, ['rmi', '--force', image]);
    await removeTree(folder);
  });
  cpSync(REFERENCE, join(folder, 'reference'), { recursive: true });
  const entry = 'ENTRYPOINT ["/usr/local/bin/node", "/opt/reference/main.js"]';
  const dockerfile = [`FROM ${BASE}`, 'COPY --chmod=0777 reference /opt/reference', entry, `LABEL ${LABEL}`, ''];
  writeFileSync(join(folder, 'Dockerfile'), dockerfile.join('\n'));
  await promisify(execFile)(engine.name, ['build', '--tag', image, folder]);
  const program = await openImageProgram({ engine, image, folder });
  try {
    const profile = readConformanceProfile(join(REFERENCE, 'profile.json'));
    return await checkConformance({
      program,
      profile: { ...profile, environment: { FAULT: fault }, claims: { ...profile.claims, arbitraryUser: true } },
      rules: RULES.map(({ id }) => id),
    });
  } finally {
    await program.sandbox?.close();
  }
}

describe.skipIf(!BASE)('an image (skipped without ALGO_TEST_IMAGE)', () => {
  it('without a fault keeps every rule', async () => {
    const report = await checkImage();

    expect(brokenOf(report)).toEqual({});
    const untried = report.results.filter(({ result }) => result === 'not-tried').map(({ id }) => id);
    expect(untried).toEqual(['isolation.serve-writes']);
  });

  it.each([
    'isolation.no-network',
    'isolation.read-only-root',
    'isolation.arbitrary-user',
    'isolation.bind-to-port',
    'isolation.one-port',
  ])('breaks just the rule that its fault is about: %s', async (fault) => {
    expect(Object.keys(brokenOf(await checkImage(fault)))).toEqual([fault]);
  });
});
