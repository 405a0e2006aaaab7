/** Runs a program by one of the two runners: as a process of this machine, or as a container of an image. */
import type { Container, ContainerOptions } from './container.js';
import { startImageContainer } from './image-container.js';
import { startProcess } from './process-container.js';
import { isImageProgram } from './program.js';

/** @throws JobError when the program cannot be started */
export function startContainer(options: ContainerOptions): Promise<Container> {
  const { program } = options;
  return isImageProgram(program) ? startImageContainer(program, options) : startProcess(program, options);
}
