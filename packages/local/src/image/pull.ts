/** Images that an engine gets from a registry on this machine. */
import { callEngine, type Engine } from '../container/engine.js';

/**
 * Pulls an image by plain HTTP: docker does so from loopback by itself, podman must be asked to.
 * @param image `127.0.0.1:4580/name@sha256:…`
 * @throws JobError with what the engine said
 */
export async function pullLocalImage(engine: Engine, image: string): Promise<void> {
  await callEngine(engine, ['pull', '--quiet', ...(engine.name === 'docker' ? [] : ['--tls-verify=false']), image]);
}
